#!/usr/bin/env bash
# A Council vote from draft to Official Journal, told as it happens. Start the suite first (dotnet run --project AppHost),
# then run this; it needs bash, curl and the .NET SDK, and talks to the gateway only.
#   docs/tour.sh [GATEWAY]      GATEWAY is http://127.0.0.1:8080 unless given
set -euo pipefail
gateway="${1:-http://127.0.0.1:8080}"
root="$(cd "$(dirname "$0")/.." && pwd)"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }
# field NAME: the first string or number of that name in the JSON on standard input.
field() { tr -d '\n' | grep -oE "\"$1\": *(\"([^\"\\\\]|\\\\.)*\"|[0-9]+|true|false)" | head -n 1 | sed -E 's/^"[^"]*": *"?//; s/"$//' || true; }
token() { curl -sS --fail-with-body "$gateway/dev/tokens" -H 'content-type: application/json' -d "$1" | field token; }
# call TOKEN METHOD PATH [JSON]: prints the reply; ends the tour when it is not what was expected.
call() {
  local status
  status="$(curl -sS -o "$work/reply.json" -w '%{http_code}' -X "$2" "$gateway$3" -H "authorization: Bearer $1" \
    ${4:+-H 'content-type: application/json' -H "idempotency-key: tour-$RANDOM$RANDOM$RANDOM" -d "$4"})"
  [ "$status" = "${expect:-200}" ] || { echo "Unexpected reply $status of $2 $3:" >&2; cat "$work/reply.json" >&2; exit 1; }
  cat "$work/reply.json"
}

say "1. Who takes part. In Development the gateway gives a token to anybody on this machine."
secretariat="$(token '{"role":"secretariat","name":"General Secretariat"}')"
reader="$(token '{"role":"reader","name":"Any reader"}')"
call "$reader" GET "/v1/memberStates" >"$work/members.json"
members="$(grep -oE '"code": *"[A-Z]{2}"' "$work/members.json" | grep -oE '[A-Z]{2}')"
echo "$(wc -w <<<"$members") member states, in protocol order:" $members

say "2. The secretariat opens the file: an assistance measure with lethal equipment for Ukraine."
body='{"title":"Assistance measure under the European Peace Facility: lethal equipment for Ukraine","documentNumber":"ST 0000/25 (example)",
  "legalBasis":"TEU-41-2","initiative":"HIGH_REPRESENTATIVE","militaryOrDefence":true,"procedure":"MEETING"}'
id="$(call "$secretariat" POST /v1/decisions "$body" | field id)"
call "$reader" GET "/v1/legalBases" >/dev/null
call "$secretariat" GET "/v1/decisions/$id" >"$work/file.json"
echo "File $id. TEU 41(2) and the date select the rule: $(field rule <"$work/file.json")."

say "3. Through PSC and Coreper to the Council, where the vote is opened."
call "$secretariat" POST "/v1/decisions/$id:advance" '{"to":"PSC"}' >/dev/null
call "$secretariat" POST "/v1/decisions/$id:advance" '{"to":"COREPER"}' >/dev/null
call "$secretariat" POST "/v1/decisions/$id:open" '{}' >"$work/file.json"
echo "State: $(field state <"$work/file.json")."

say "4. Each delegation records its vote: 24 in favour; Ireland, Austria and Malta abstain constructively."
for member in $members; do
  delegation="$(token "{\"role\":\"delegation\",\"memberState\":\"$member\",\"name\":\"Delegation of $member\"}")"
  echo "$delegation" >"$work/token-$member"
  case "$member" in
    IE | AT | MT) vote="{\"memberState\":\"$member\",\"position\":\"CONSTRUCTIVE_ABSTENTION\",\"declaration\":\"$member does not take part in supplying lethal equipment and accepts that the decision commits the Union.\"}" ;;
    *) vote="{\"memberState\":\"$member\",\"position\":\"FOR\"}" ;;
  esac
  call "$delegation" POST "/v1/decisions/$id/votes" "$vote" >"$work/vote.json"
  field receipt <"$work/vote.json" >"$work/receipt-$member.jws"
done
echo "Each delegation holds a signed receipt. Ireland's begins: $(cut -c1-60 <"$work/receipt-IE.jws")..."
call "$secretariat" GET "/v1/decisions/$id/tally" >"$work/tally.json"
echo "The running tally: $(field reason <"$work/tally.json")"

say "5. The vote is closed."
call "$secretariat" POST "/v1/decisions/$id:close" '{}' >"$work/file.json"
echo "State: $(field state <"$work/file.json"), because: $(field reasonCode <"$work/file.json")."
echo "Not obliged to apply it: $(grep -oE '"notObliged": *\[[^]]*\]' "$work/file.json" | grep -oE '"[A-Z]{2}"' | tr -d '"' | tr '\n' ' ')"

say "6. The act is published. Its numbers are given, never generated; the ones here are examples."
today="$(TZ=Europe/Brussels date +%F)"
call "$secretariat" POST "/v1/decisions/$id:publish" "{\"actNumber\":\"(CFSP) ${today%%-*}/$((RANDOM % 9000 + 90000))\",\"ojReference\":\"example\",\"celex\":\"example\",\"eli\":\"example\",\"publicationDate\":\"$today\",\"effectDate\":\"$today\"}" >"$work/file.json"
echo "State: $(field state <"$work/file.json"). Any reader sees it now: $(call "$reader" GET "/v1/decisions/$id" | field title)"

say "7. Ireland checks its receipt, without asking the service: a public key is enough."
curl -sS --fail "$gateway/.well-known/jwks.json" >"$work/jwks.json"
if [ -n "${TOUR_VERIFIER:-}" ]; then verifier=(dotnet "$TOUR_VERIFIER"); else verifier=(dotnet run --project "$root/services/Journal.Tool" --); fi
"${verifier[@]}" verify-receipt --receipt "$work/receipt-IE.jws" --jwks "$work/jwks.json"

say "8. The same file under qualified majority is refused."
expect=409 call "$secretariat" POST /v1/decisions "${body/TEU-41-2/TEU-31-2-C}" >"$work/problem.json"
echo "$(field code <"$work/problem.json"): $(field detail <"$work/problem.json")"

say "9. What if it were a matter for qualified majority, and Hungary voted against?"
call "$reader" POST /v1/votes:simulate '{"rule":"QUALIFIED_MAJORITY","votes":{"HU":"AGAINST"}}' >"$work/whatif.json"
echo "$(field outcome <"$work/whatif.json"), by $(field article <"$work/whatif.json"): $(field reason <"$work/whatif.json")"

say "10. Restrictive measures. Lithuania proposes to list a person, with reasons and evidence; the public knows of nothing."
listing="$(call "$(cat "$work/token-LT")" POST /v1/listings:propose '{"regime":"CYB","type":"PERSON","evidence":["file 1"],"content":{"names":[{"wholeName":"Anna Przykladowa","language":"EN"},
  {"wholeName":"Анна Пшикладова","language":"RU"}],"citizenships":["BY"],"birthDates":[{"year":1975,"circa":true}],"measures":["ASSET_FREEZE","TRAVEL_BAN"],
  "statementOfReasons":"An invented person of this tour, held responsible for an invented attack."}}' | field id)"
expect=404 call "$reader" GET "/v1/listings/$listing" >"$work/problem.json"
echo "Listing $listing is proposed. For a reader: $(field code <"$work/problem.json")."

say "11. A decision says by its links whom it lists and which regime it renews. All 27 are in favour."
measure="$(call "$secretariat" POST /v1/decisions "{\"title\":\"Restrictive measures against cyber-attacks (example)\",\"documentNumber\":\"ST 0001/25 (example)\",
  \"legalBasis\":\"TEU-31-1\",\"initiative\":\"HIGH_REPRESENTATIVE\",\"procedure\":\"MEETING\",
  \"links\":[{\"kind\":\"SANCTIONS_LISTING\",\"id\":\"$listing\"},{\"kind\":\"SANCTIONS_REGIME\",\"id\":\"CYB\"}]}" | field id)"
call "$secretariat" POST "/v1/decisions/$measure:open" '{}' >/dev/null
for member in $members; do
  call "$(cat "$work/token-$member")" POST "/v1/decisions/$measure/votes" "{\"memberState\":\"$member\",\"position\":\"FOR\"}" >/dev/null
done
call "$secretariat" POST "/v1/decisions/$measure:close" '{}' >"$work/file.json"
echo "Decision: $(field state <"$work/file.json"), because: $(field reasonCode <"$work/file.json")."

say "12. The act is published. Nobody touches the listing or the regime: they follow."
call "$secretariat" POST "/v1/decisions/$measure:publish" "{\"actNumber\":\"(CFSP) ${today%%-*}/$((RANDOM % 9000 + 80000))\",\"publicationDate\":\"$today\",\"effectDate\":\"$today\",\"expiryDate\":\"$((${today%%-*} + 1))-12-31\"}" >/dev/null
# A moment later: the event travels from one service to the other.
for _ in $(seq 150); do
  call "$secretariat" GET "/v1/listings/$listing" >"$work/listing.json"
  if [ "$(field state <"$work/listing.json")" = IN_FORCE ]; then break; fi
  sleep 0.2
done
call "$reader" GET "/v1/listings/$listing" >"$work/listing.json"
call "$reader" GET "/v1/regimes/CYB" >"$work/regime.json"
echo "Listing: $(field state <"$work/listing.json"), $(field caption <"$work/listing.json"), since $(field listedOn <"$work/listing.json"). Regime CYB: until $(field expiryDate <"$work/regime.json")."

say "13. A bank screens a payment: the name is spelled as nobody listed it."
bank="$(token '{"role":"integrator","name":"A bank"}')"
call "$bank" POST /v1/screenings:match '{"subjects":[{"id":"payment-1","names":["Anna Pshikladova"],"type":"PERSON","birthDate":"1975"}],"profile":"payments","limit":1}' >"$work/screening.json"
echo "$(field band <"$work/screening.json") with score $(field score <"$work/screening.json"): the listed name is $(field matchedName <"$work/screening.json"), of listing $(field listingId <"$work/screening.json")."

say "That was the tour. The file stays: stop the suite, start it again, and GET /v1/decisions/$id finds it."
