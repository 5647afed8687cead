using ExternalAction.Journal;
using ExternalAction.Sanctions.Domain;
using ExternalAction.Sanctions.Private;
using ExternalAction.Sanctions.Records;
using ExternalAction.Sanctions.Tests.Private;
using Microsoft.Extensions.Logging.Abstractions;

namespace ExternalAction.Sanctions.Tests.Records;

/// <summary>The parts of the service that have to do with records, on one store.</summary>
public sealed class RecordsHome : IAsyncDisposable
{
    private readonly bool _owns;
    private bool _killed;
    private bool _disposed;
    private readonly Journal<SanctionsState, SanctionsEvent> _journal;

    private RecordsHome(PrivateHome home, ScreeningRetention retention, bool owns)
    {
        (Home, _owns) = (home, owns);
        _journal = new Journal<SanctionsState, SanctionsEvent>(SanctionsJournal.Definition, home.Options, home.Clock, NullLogger<Journal<SanctionsState, SanctionsEvent>>.Instance);
        Database = home.Database();
        Vault = home.Vault(Database);
        Table = new ScreeningTable(Database, Vault);
        Records = new ScreeningRecords(Table, retention, home.Clock, NullLogger<ScreeningRecords>.Instance);
        Seals = new ScreeningSeals(_journal, Table, Database, retention, home.Clock, NullLogger<ScreeningSeals>.Instance);
        Archive = new ScreeningArchive(Table, _journal, NullLogger<ScreeningArchive>.Instance);
        Retention = retention;
    }

    public PrivateHome Home { get; }
    internal ScreeningRetention Retention { get; }
    internal PrivateDatabase Database { get; }
    internal Vault Vault { get; }
    internal ScreeningTable Table { get; }
    internal ScreeningRecords Records { get; }
    internal ScreeningSeals Seals { get; }
    internal ScreeningArchive Archive { get; }

    internal static async Task<RecordsHome> StartAsync(PrivateHome home, ScreeningRetention? retention = null, bool owns = true)
    {
        var service = new RecordsHome(home, retention ?? new ScreeningRetention(), owns);
        await service._journal.StartAsync(default);
        await service.Vault.OpenAsync(default);
        await service.Records.StartAsync(default);
        return service;
    }

    internal NewScreening New(byte[]? query = null, string client = "bank", string band = "ALERT")
    {
        var now = Home.Clock.Time;
        var record = new ScreeningRecord
        {
            Id = Guid.CreateVersion7(now).ToString("N"),
            Client = client,
            ScreenedAt = now,
            ExpiresAt = now + Retention.Kept,
            Profile = "payments@1",
            Engine = "names@1",
            Threshold = 0.5m,
            Limit = 10,
            Exhaustive = false,
            ListVersion = "eu-7",
            QueryHash = Vault.Hash("screening query", client),
            ResultHash = new byte[32],
            Hits = 1,
            Band = band,
            Excluded = ["eu-1", "eu-2"],
        };
        if (query is null)
        {
            return new NewScreening(record);
        }
        var key = Vault.New(record.KeyId);
        return new NewScreening(record, key.Key.Encrypt(query, record.KeyId), key);
    }

    internal Task RecordAsync(int count, bool patient = false) => Records.AppendAsync([.. Enumerable.Range(0, count).Select(_ => New())], patient, default);

    internal Task<List<StoredScreening>> AllAsync() => Table.ListAsync(new ScreeningFilter(null, null, null, null), null, 1_000, default);

    internal async Task<List<T>> JournaledAsync<T>()
    {
        var found = new List<T>();
        await foreach (var row in _journal.ReadStreamAsync("screenings", 0, default))
        {
            if (row.Event is T happened)
            {
                found.Add(happened);
            }
        }
        return found;
    }

    /// <summary>Changes the store as somebody would who may do everything there.</summary>
    internal Task TamperAsync(string sql, params (string, object?)[] parameters) => Database.WriteAsync(
        async connection =>
        {
            await connection.RunAsync(Home.Options.Store == JournalStoreKind.Sqlite ? "DROP TRIGGER screenings_are_kept" : "ALTER TABLE screenings DISABLE TRIGGER ALL", default);
            await connection.RunAsync(sql, default, parameters);
        },
        default);

    /// <summary>Stops as the host does: the writer first, then who seals.</summary>
    internal async Task StopAsync()
    {
        await Records.StopAsync(default);
        await Seals.StopAsync(default);
    }

    /// <summary>Goes away as one that is killed does: nothing is closed, nothing is sealed.</summary>
    internal ValueTask KillAsync()
    {
        _killed = true;
        return DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }
        _disposed = true;
        if (!_killed)
        {
            await Records.StopAsync(default);
        }
        Records.Dispose();
        Seals.Dispose();
        await _journal.DisposeAsync();
        if (_owns)
        {
            await Home.DisposeAsync();
        }
    }
}
