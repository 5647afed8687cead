using ExternalAction.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace ExternalAction.Journal.Tests;

/// <summary>
/// One store for one test: opens the accounts' journal on it, again after a stop, or (on PostgreSQL) twice at once as
/// two replicas; and reaches behind the journal's back, for tests of tampering.
/// </summary>
public abstract class JournalHome : IAsyncDisposable
{
    /// <summary>How long commands and readers wait: on a slow machine too nobody gives up whom the test does not want to.</summary>
    protected static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly List<Journal<AccountsState, AccountEvent>> _opened = [];

    public ManualClock Clock { get; } = new(new DateTimeOffset(2025, 6, 1, 12, 0, 0, TimeSpan.Zero));

    public string Folder { get; } = Directory.CreateTempSubdirectory("ea-journal-").FullName;

    public abstract JournalOptions Options { get; }

    /// <summary>Runs SQL past the journal.</summary>
    public abstract Task TamperAsync(string sql);

    /// <summary>Arguments that make the tool read this store.</summary>
    public abstract string[] ToolArguments { get; }

    public async Task<Journal<AccountsState, AccountEvent>> OpenAsync(Func<JournalOptions, JournalOptions>? change = null)
    {
        var journal = new Journal<AccountsState, AccountEvent>(
            Accounts.Definition, change is null ? Options : change(Options), Clock, NullLogger<Journal<AccountsState, AccountEvent>>.Instance);
        _opened.Add(journal);
        await journal.StartAsync(CancellationToken.None);
        return journal;
    }

    public virtual async ValueTask DisposeAsync()
    {
        foreach (var journal in _opened)
        {
            await journal.DisposeAsync();
        }

        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }
}

public sealed class SqliteHome : JournalHome
{
    public override JournalOptions Options => new() { Folder = Folder, KeysFolder = Path.Combine(Folder, "keys"), QueueWait = Patience, PositionWait = Patience };

    public override string[] ToolArguments => ["--sqlite", Path.Combine(Folder, "journal.db")];

    public override async Task TamperAsync(string sql)
    {
        await using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(Folder, "journal.db")};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "DROP TRIGGER IF EXISTS journal_rows_no_update; DROP TRIGGER IF EXISTS journal_rows_no_delete; " + sql;
        await command.ExecuteNonQueryAsync();
    }
}

public sealed class PostgresHome(string connectionString) : JournalHome
{
    public override JournalOptions Options => new()
    {
        Store = JournalStoreKind.Postgres,
        Folder = Folder,
        KeysFolder = Path.Combine(Folder, "keys"),
        ConnectionString = connectionString,
        QueueWait = Patience,
        PositionWait = Patience,
    };

    public override string[] ToolArguments => ["--postgres", connectionString];

    public override async Task TamperAsync(string sql)
    {
        await using var connection = new Npgsql.NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new Npgsql.NpgsqlCommand("ALTER TABLE journal_rows DISABLE TRIGGER ALL; " + sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
