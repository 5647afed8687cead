#!/usr/bin/env bash
# Runs every test of the suite and sums them up; the last line reads "N passed, N failed, N skipped".
#   ./test.sh                all tests; installs missing servers from Debian's packages where it may
#   ./test.sh --no-servers   only tests that need no Redis, RabbitMQ, PostgreSQL or Node.js
#   ./test.sh --no-build     trust what is built already
# Exit code 0 only when everything passed.
set -uo pipefail
cd "$(dirname "$0")"

servers=yes
build=yes
for argument in "$@"; do
  case "$argument" in
    --no-servers) servers=no ;;
    --no-build) build=no ;;
    -h|--help) sed -n '2,6s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) echo "test.sh: '$argument' is not an option; see ./test.sh --help" >&2; exit 2 ;;
  esac
done

# 1. The servers the tests start for themselves, on loopback ports of their own.
missing=()
if [ "$servers" = yes ]; then
  command -v redis-server >/dev/null || missing+=(redis-server)
  [ -x /usr/lib/rabbitmq/bin/rabbitmq-server ] || missing+=(rabbitmq-server)
  compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null || missing+=(postgresql)
  command -v node >/dev/null || missing+=(nodejs)
  command -v npm >/dev/null || missing+=(npm)
fi
if [ "${#missing[@]}" -gt 0 ]; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing ${missing[*]} ..."
    apt-get update -q >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}" >/dev/null || {
      echo "test.sh: could not install; run: sudo apt-get install ${missing[*]}" >&2
      exit 1
    }
  else
    echo "test.sh: servers are missing; run: sudo apt-get install ${missing[*]}" >&2
    echo "         (or ./test.sh --no-servers for the tests that need none)" >&2
    exit 1
  fi
fi

# 2. One build for all.
if [ "$build" = yes ]; then
  dotnet build ExternalAction.sln -c Release --nologo -v quiet -clp:NoSummary || exit 1
fi

# 3. One project after the other: two cores are shared by the servers too. A test that hangs for six minutes ends its run.
passed=0 failed=0 skipped=0 broken=0
results="$(mktemp -d)"
trap 'rm -rf "$results"' EXIT
filter=()
[ "$servers" = no ] && filter=(--filter 'Needs!=Servers')
for project in tests/*.Tests/*.Tests.csproj; do
  name="$(basename "$project" .csproj)"
  echo "== $name"
  dotnet test "$project" -c Release --no-build --nologo -v quiet "${filter[@]}" \
    --blame-hang --blame-hang-timeout 360s --blame-hang-dump-type none \
    --results-directory "$results" --logger "trx;LogFileName=$name.trx" --logger "console;verbosity=minimal"
  code=$?
  if [ -f "$results/$name.trx" ]; then
    counters="$(grep -o '<Counters [^>]*>' "$results/$name.trx" | head -n 1)"
    count() { sed -n "s/.* $1=\"\([0-9]*\)\".*/\1/p" <<<"$counters"; }
    total=$(count total) ok=$(count passed) bad=$(count failed) errors=$(count error) timeouts=$(count timeout) aborted=$(count aborted) executed=$(count executed)
    bad=$((bad + errors + timeouts + aborted))
    passed=$((passed + ok)) failed=$((failed + bad)) skipped=$((skipped + total - executed))
    # A run that ended badly without a failed test (a crash, a hang) is a failure all the same.
    [ "$code" -ne 0 ] && [ "$bad" -eq 0 ] && { echo "   $name ended with code $code"; broken=$((broken + 1)); }
  elif [ "$code" -ne 0 ]; then
    echo "   $name ended with code $code and no results"
    broken=$((broken + 1))
  fi
done

failed=$((failed + broken))
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
