using ExternalAction.Testing;
using Google.Protobuf.WellKnownTypes;

namespace ExternalAction.Journal.Tests;

/// <summary>
/// Base of the tests that both stores must pass. Each group has two sealed classes that only name the store; those on
/// PostgreSQL carry the trait Needs=Servers.
/// </summary>
/// <param name="newHome">Makes a store of the kind.</param>
public abstract class JournalTests(Func<Task<JournalHome>> newHome)
{
    /// <summary>A fresh, empty store.</summary>
    protected Task<JournalHome> NewHomeAsync() => newHome();

    protected static Task<JournalHome> OnSqlite() => Task.FromResult<JournalHome>(new SqliteHome());

    protected static async Task<JournalHome> OnPostgres(PostgresServer server) => new PostgresHome(await server.CreateDatabaseAsync());

    /// <summary>Keeps the executor busy until disposed, so that what is sent meanwhile becomes one batch.</summary>
    internal static async Task<IAsyncDisposable> HoldAsync(Journal<AccountsState, AccountEvent> journal)
    {
        var held = new Held();
        held.Running = Task.Run(() => journal.ExecuteAsync(
            Accounts.Command("test", "Hold", null, "", "", (_, _) =>
            {
                held.Reached.TrySetResult();
                held.Gate.Wait();
                return Decision<AccountEvent, Refusal>.Nothing;
            }),
            default));
        await await Task.WhenAny(held.Reached.Task, held.Running);
        return held;
    }

    /// <summary>Every event of the service there is now.</summary>
    internal static async ValueTask<List<JournalEvent<AccountEvent>>> AllRowsAsync(Journal<AccountsState, AccountEvent> journal)
    {
        var rows = new List<JournalEvent<AccountEvent>>();
        if (journal.Current.State.Total == 0 && journal.Current.State.Balances.IsEmpty)
        {
            return rows;
        }

        await foreach (var row in journal.FollowAsync(null, 0, default))
        {
            rows.Add(row);
            if (row.Position == journal.Position)
            {
                break;
            }
        }

        return rows;
    }

    private sealed class Held : IAsyncDisposable
    {
        public TaskCompletionSource Reached { get; } = new();

        public ManualResetEventSlim Gate { get; } = new();

        public Task<CommandResult<Refusal, StringValue>> Running { get; set; } = null!;

        public async ValueTask DisposeAsync()
        {
            Gate.Set();
            await Running;
            Gate.Dispose();
        }
    }
}

/// <summary>One PostgreSQL server for all of these tests.</summary>
[CollectionDefinition(OnePostgres.Name)]
public sealed class OnePostgres : ICollectionFixture<PostgresServer>
{
    public const string Name = "PostgreSQL";
}
