using System.Collections.Immutable;
using System.Text.Json.Serialization;
using ExternalAction.Journal;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace ExternalAction.Journal.Tests;

/// <summary>A small domain for the journal's tests: accounts that must not be overdrawn, and a ceiling over all of them.</summary>
public sealed record AccountsState(ImmutableSortedDictionary<string, long> Balances, long Total)
{
    public static AccountsState Empty { get; } = new(ImmutableSortedDictionary<string, long>.Empty.WithComparers(StringComparer.Ordinal), 0);

    public long BalanceOf(string account) => Balances.GetValueOrDefault(account);

    public AccountsState Evolve(AccountEvent value) => value switch
    {
        AccountEvent.Deposited e => this with { Balances = Balances.SetItem(e.Account, BalanceOf(e.Account) + e.Cents), Total = Total + e.Cents },
        AccountEvent.Withdrawn e => this with { Balances = Balances.SetItem(e.Account, BalanceOf(e.Account) - e.Cents), Total = Total - e.Cents },
        AccountEvent.Poisoned => throw new InvalidOperationException("evolve fails on purpose"),
        _ => throw new ArgumentOutOfRangeException(nameof(value)),
    };

    /// <summary>So that two foldings can be compared.</summary>
    public string Describe() => $"{Total}: {string.Join(", ", Balances.Select(b => $"{b.Key}={b.Value}"))}";
}

public abstract record AccountEvent(string Account)
{
    public sealed record Deposited(string Account, long Cents, string Note) : AccountEvent(Account);

    public sealed record Withdrawn(string Account, long Cents) : AccountEvent(Account);

    public sealed record Poisoned(string Account) : AccountEvent(Account);
}

public sealed record Refusal(string Code);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(AccountEvent.Deposited))]
[JsonSerializable(typeof(AccountEvent.Withdrawn))]
[JsonSerializable(typeof(AccountEvent.Poisoned))]
internal sealed partial class AccountsJson : JsonSerializerContext;

/// <summary>Commands of the domain. A reply says what was done: <c>balance@position#hash</c>, and the receipt if asked for.</summary>
public static class Accounts
{
    public const long Ceiling = 1_000_000;

    public static JournalDefinition<AccountsState, AccountEvent> Definition { get; } = new()
    {
        Service = "accounts",
        Initial = AccountsState.Empty,
        Evolve = (state, row) => state.Evolve(row.Event),
        StreamOf = value => $"account:{value.Account}",
        Codec = new EventCodec<AccountEvent>()
            .Add("deposited.v1", AccountsJson.Default.Deposited)
            .Add("withdrawn.v1", AccountsJson.Default.Withdrawn)
            .Add("poisoned.v1", AccountsJson.Default.Poisoned),
    };

    public static Command<AccountsState, AccountEvent, Refusal, StringValue> Deposit(
        string account, long cents, string? key = null, string actor = "alice", string note = "")
        => Command(actor, "Deposit", key, $"{account}+{cents}{note}", account, (state, ctx) =>
            state.Total + cents > Ceiling
                ? Decision<AccountEvent, Refusal>.Reject(new Refusal("CEILING"))
                : Decision<AccountEvent, Refusal>.Accept(new NewEvent<AccountEvent>(new AccountEvent.Deposited(account, cents, note), ctx.Now)));

    public static Command<AccountsState, AccountEvent, Refusal, StringValue> Withdraw(string account, long cents, string? key = null)
        => Command("alice", "Withdraw", key, $"{account}-{cents}", account, (state, ctx) =>
            state.BalanceOf(account) < cents
                ? Decision<AccountEvent, Refusal>.Reject(new Refusal("OVERDRAWN"))
                : Decision<AccountEvent, Refusal>.Accept(new NewEvent<AccountEvent>(new AccountEvent.Withdrawn(account, cents), ctx.Now)));

    public static Command<AccountsState, AccountEvent, Refusal, StringValue> Command(
        string actor, string rpc, string? key, string input, string account,
        Func<AccountsState, DecideContext, Decision<AccountEvent, Refusal>> decide)
        => new()
        {
            Actor = actor,
            Rpc = rpc,
            Key = key,
            Input = new StringValue { Value = input },
            ReceivedAt = DateTimeOffset.UnixEpoch,
            Decide = decide,
            Reply = (after, rows) => new StringValue
            {
                Value = $"{after.BalanceOf(account)}@{(rows.Count == 0 ? 0 : rows[^1].Position)}#{(rows.Count == 0 ? "" : rows[^1].Hash)}",
            },
        };

    public static IMessage Input(string text) => new StringValue { Value = text };
}
