using ExternalAction.Journal;
using ExternalAction.Sanctions.Private;
using ExternalAction.Testing;

namespace ExternalAction.Sanctions.Tests.Private;

/// <summary>The one PostgreSQL server of this project's tests.</summary>
[CollectionDefinition(Name)]
public sealed class OnePostgres : ICollectionFixture<PostgresServer>
{
    public const string Name = "PostgreSQL";
}

/// <summary>One private store for one test, opened as often as there are replicas; everything is gone afterwards.</summary>
public sealed class PrivateHome : IAsyncDisposable
{
    /// <summary>A machine that others use, too, must not fail a test: the waits of production are seconds.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(1);

    private readonly List<PrivateDatabase> _databases = [];
    private readonly string _folder = Directory.CreateTempSubdirectory("ea-private-").FullName;

    private PrivateHome(string? connectionString) => Options = new JournalOptions
    {
        Store = connectionString is null ? JournalStoreKind.Sqlite : JournalStoreKind.Postgres,
        Folder = Path.Combine(_folder, "data"),
        KeysFolder = Path.Combine(_folder, "keys"),
        ConnectionString = connectionString,
        QueueWait = _patience,
        PositionWait = _patience,
    };

    public JournalOptions Options { get; }

    public ManualClock Clock { get; } = new(new DateTimeOffset(2026, 5, 4, 12, 0, 0, TimeSpan.Zero));

    /// <summary>On SQLite, or on a fresh database of this server.</summary>
    public static async Task<PrivateHome> OnAsync(PostgresServer? server) => new(server is null ? null : await server.CreateDatabaseAsync());

    internal PrivateDatabase Database()
    {
        var database = new PrivateDatabase(Options);
        _databases.Add(database);
        return database;
    }

    internal Vault Vault(PrivateDatabase? database = null) => new(database ?? Database(), Options, Clock);

    public async ValueTask DisposeAsync()
    {
        foreach (var database in _databases)
        {
            await database.DisposeAsync();
        }
        Directory.Delete(_folder, recursive: true);
    }
}
