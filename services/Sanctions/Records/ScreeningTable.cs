using System.Collections.Immutable;
using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using ExternalAction.Journal;
using ExternalAction.Sanctions.Private;

namespace ExternalAction.Sanctions.Records;

/// <summary>
/// The records and their batches in the private store. A batch belongs to the one writer that opened it; whoever closes it (the
/// writer, or any replica after a while) fences it: from then on nothing is appended, so all see the same records and root.
/// </summary>
internal sealed class ScreeningTable(PrivateDatabase database, Vault vault)
{
    private const string Columns =
        "id, client, screened_at, expires_at, profile, engine, threshold, hits_limit, exhaustive, list_version, query_hash, result_hash, hits, band, excluded, record_hash, batch, place, query";

    /// <summary>Appends records to a batch, which it opens for the first of them; all are on the disk when this returns.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="place">The place of the first of them; 0 opens the batch.</param>
    /// <param name="records">The records.</param>
    /// <param name="now">When.</param>
    /// <param name="closes">True: nothing comes after them.</param>
    /// <param name="cancellation">Gives up before the commit.</param>
    /// <returns>False when the batch was closed meanwhile: nothing was written, they belong into another.</returns>
    public Task<bool> AppendAsync(string batch, int place, IReadOnlyList<NewScreening> records, DateTimeOffset now, bool closes, CancellationToken cancellation) => database.WriteAsync(
        async connection =>
        {
            var expires = JournalTime.ToMicroseconds(records.Max(r => r.Record.ExpiresAt));
            var open = place == 0
                ? await connection.RunAsync(
                    "INSERT INTO screening_batches (id, opened_at, expires_at, records, closed) VALUES (@id, @now, @expires, @count, @closed)", cancellation,
                    ("id", batch), ("now", JournalTime.ToMicroseconds(now)), ("expires", expires), ("count", (long)records.Count), ("closed", closes ? 1L : 0L))
                : await connection.RunAsync(
                    "UPDATE screening_batches SET records = records + @count, closed = @closed, expires_at = CASE WHEN expires_at < @expires THEN @expires ELSE expires_at END WHERE id = @id AND closed = 0", cancellation,
                    ("id", batch), ("expires", expires), ("count", (long)records.Count), ("closed", closes ? 1L : 0L));
            if (open == 0)
            {
                return false;
            }
            await vault.InsertAsync(connection, [.. records.Select(r => r.Key).OfType<NewDataKey>()], cancellation);
            await connection.InsertAsync("screenings", Columns, [.. records.Select((r, i) => Row(r, batch, place + i))], cancellation);
            return true;
        },
        cancellation);

    /// <summary>A record; null when there is none.</summary>
    public async Task<StoredScreening?> FindAsync(string id, CancellationToken cancellation) =>
        (await database.ReadAsync(c => c.QueryAsync($"SELECT {Columns} FROM screenings WHERE id = @id", Read, cancellation, ("id", id)), cancellation)).FirstOrDefault();

    /// <summary>Records, newest first.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="below">Only ids below this one; null for the first page.</param>
    /// <param name="size">How many at most.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task<List<StoredScreening>> ListAsync(ScreeningFilter filter, string? below, int size, CancellationToken cancellation)
    {
        var conditions = new List<string> { "1 = 1" };
        var parameters = new List<(string, object?)> { ("size", (long)size) };
        void Only(string condition, string name, object? value)
        {
            if (value is not null)
            {
                conditions.Add(condition);
                parameters.Add((name, value));
            }
        }

        // Ids begin with their millisecond, so the order of ids is the order of time, and a span of time is a span of ids.
        Only("client = @client", "client", filter.Client);
        Only("band = @band AND band <> 'NONE'", "band", filter.Band is "NONE" ? null : filter.Band);
        Only("band = @none", "none", filter.Band is "NONE" ? filter.Band : null);
        Only("id < @below", "below", below);
        Only("id >= @first", "first", filter.From is { } a ? FirstId(a) : null);
        Only("id < @last", "last", filter.Until is { } b ? FirstId(b.AddMilliseconds(1)) : null);
        Only("screened_at >= @from", "from", filter.From is { } from ? JournalTime.ToMicroseconds(from) : null);
        Only("screened_at < @until", "until", filter.Until is { } until ? JournalTime.ToMicroseconds(until) : null);
        return database.ReadAsync(
            c => c.QueryAsync($"SELECT {Columns} FROM screenings WHERE {string.Join(" AND ", conditions)} ORDER BY id DESC LIMIT @size", Read, cancellation, [.. parameters]), cancellation);
    }

    /// <summary>Batches by id; what was deleted is missing.</summary>
    public Task<Dictionary<string, ScreeningBatch>> BatchesAsync(IEnumerable<string> ids, CancellationToken cancellation) => database.ReadAsync(
        async connection =>
        {
            var (names, parameters) = Sql.In(ids.Distinct(StringComparer.Ordinal));
            var found = parameters.Length == 0 ? [] : await connection.QueryAsync($"SELECT id, records, position FROM screening_batches WHERE id IN ({names})", ReadBatch, cancellation, parameters);
            return found.ToDictionary(b => b.Id, StringComparer.Ordinal);
        },
        cancellation);

    /// <summary>The leaves of a batch in their order.</summary>
    public Task<List<byte[]>> LeavesAsync(string batch, CancellationToken cancellation) => database.ReadAsync(
        c => c.QueryAsync("SELECT record_hash FROM screenings WHERE batch = @batch ORDER BY place", row => row.Bytes(0), cancellation, ("batch", batch)), cancellation);

    /// <summary>Batches to be sealed: those that are closed, and those opened until an instant.</summary>
    public Task<List<ScreeningBatch>> UnsealedAsync(DateTimeOffset openedUntil, CancellationToken cancellation) => database.ReadAsync(
        c => c.QueryAsync(
            "SELECT id, records, position FROM screening_batches WHERE position IS NULL AND (closed = 1 OR opened_at <= @until) ORDER BY id LIMIT 100", ReadBatch, cancellation,
            ("until", JournalTime.ToMicroseconds(openedUntil))),
        cancellation);

    /// <summary>Closes a batch; gives its leaves, and when its first and last screening were.</summary>
    public async Task<(List<byte[]> Leaves, DateTimeOffset From, DateTimeOffset Until)> CloseAsync(string batch, CancellationToken cancellation)
    {
        await database.WriteAsync(c => c.RunAsync("UPDATE screening_batches SET closed = 1 WHERE id = @id AND closed = 0", cancellation, ("id", batch)), cancellation);
        var rows = await database.ReadAsync(
            c => c.QueryAsync("SELECT record_hash, screened_at FROM screenings WHERE batch = @id ORDER BY place", row => (Hash: row.Bytes(0), At: row.GetInt64(1)), cancellation, ("id", batch)), cancellation);
        return rows.Count == 0
            ? ([], default, default)
            : ([.. rows.Select(r => r.Hash)], JournalTime.FromMicroseconds(rows.Min(r => r.At)), JournalTime.FromMicroseconds(rows.Max(r => r.At)));
    }

    /// <summary>Notes where a batch is sealed.</summary>
    public Task SealedAsync(string batch, long position, CancellationToken cancellation) =>
        database.WriteAsync(c => c.RunAsync("UPDATE screening_batches SET position = @position WHERE id = @id", cancellation, ("id", batch), ("position", position)), cancellation);

    /// <summary>
    /// Takes sealed batches whose newest record has expired, as one step under a name of its own; gives all such steps, those that
    /// a crash interrupted included.
    /// </summary>
    public Task<List<(string Step, List<ScreeningBatch> Batches)>> ExpiringAsync(string step, DateTimeOffset now, int batches, CancellationToken cancellation) => database.WriteAsync(
        async connection =>
        {
            await connection.RunAsync(
                "UPDATE screening_batches SET expiring = @step WHERE id IN (SELECT id FROM screening_batches WHERE expires_at <= @now AND expiring IS NULL AND position IS NOT NULL ORDER BY expires_at LIMIT @limit)",
                cancellation, ("step", step), ("now", JournalTime.ToMicroseconds(now)), ("limit", (long)batches));
            var taken = await connection.QueryAsync(
                "SELECT id, records, position, expiring FROM screening_batches WHERE expires_at <= @now AND expiring IS NOT NULL ORDER BY id", row => (Batch: ReadBatch(row), Step: row.GetString(3)), cancellation,
                ("now", JournalTime.ToMicroseconds(now)));
            return taken.GroupBy(t => t.Step, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => (g.Key, g.Select(t => t.Batch).ToList())).ToList();
        },
        cancellation);

    /// <summary>Deletes a batch with its records, their queries and the keys of those.</summary>
    public Task DeleteAsync(string batch, CancellationToken cancellation) => database.WriteAsync(
        async connection =>
        {
            var kept = await connection.QueryAsync("SELECT id FROM screenings WHERE batch = @id AND query IS NOT NULL", row => ScreeningRecord.KeyOf(row.GetString(0)), cancellation, ("id", batch));
            await Vault.DeleteAsync(connection, kept, cancellation);
            await connection.RunAsync("DELETE FROM screenings WHERE batch = @id", cancellation, ("id", batch));
            await connection.RunAsync("DELETE FROM screening_batches WHERE id = @id", cancellation, ("id", batch));
        },
        cancellation);

    /// <summary>A kept query; null when none was kept or its key was destroyed.</summary>
    /// <exception cref="CryptographicException">It was altered.</exception>
    public async Task<byte[]?> QueryAsync(StoredScreening stored, CancellationToken cancellation) =>
        stored.Query is { } query && (await vault.FindAsync([stored.Record.KeyId], cancellation)).GetValueOrDefault(stored.Record.KeyId) is { } key ? key.Decrypt(query, stored.Record.KeyId) : null;

    private static object?[] Row(NewScreening screening, string batch, int place)
    {
        var r = screening.Record;
        return
        [
            r.Id, r.Client, JournalTime.ToMicroseconds(r.ScreenedAt), JournalTime.ToMicroseconds(r.ExpiresAt), r.Profile, r.Engine, r.ThresholdText, (long)r.Limit, r.Exhaustive ? 1L : 0L,
            r.ListVersion, r.QueryHash, r.ResultHash, (long)r.Hits, r.Band, string.Join('\n', r.Excluded), r.Hash(), batch, (long)place, screening.Query,
        ];
    }

    private static StoredScreening Read(DbDataReader row) => new(
        new ScreeningRecord
        {
            Id = row.GetString(0),
            Client = row.GetString(1),
            ScreenedAt = JournalTime.FromMicroseconds(row.GetInt64(2)),
            ExpiresAt = JournalTime.FromMicroseconds(row.GetInt64(3)),
            Profile = row.GetString(4),
            Engine = row.GetString(5),
            Threshold = decimal.Parse(row.GetString(6), CultureInfo.InvariantCulture),
            Limit = (int)row.GetInt64(7),
            Exhaustive = row.GetInt64(8) != 0,
            ListVersion = row.GetString(9),
            QueryHash = row.Bytes(10),
            ResultHash = row.Bytes(11),
            Hits = (int)row.GetInt64(12),
            Band = row.GetString(13),
            Excluded = [.. row.GetString(14).Split('\n', StringSplitOptions.RemoveEmptyEntries).ToImmutableArray()],
        },
        row.Bytes(15),
        row.GetString(16),
        (int)row.GetInt64(17),
        row.IsDBNull(18) ? null : row.Bytes(18));

    private static ScreeningBatch ReadBatch(DbDataReader row) => new(row.GetString(0), (int)row.GetInt64(1), row.IsDBNull(2) ? 0 : row.GetInt64(2));

    private static string FirstId(DateTimeOffset at) => Math.Max(0, at.ToUnixTimeMilliseconds()).ToString("x12", CultureInfo.InvariantCulture);
}

/// <summary>Which records are asked for.</summary>
/// <param name="Client">Only of this client; null for all.</param>
/// <param name="From">From this instant on.</param>
/// <param name="Until">Before this instant.</param>
/// <param name="Band">Only with this band; null for all.</param>
internal sealed record ScreeningFilter(string? Client, DateTimeOffset? From, DateTimeOffset? Until, string? Band)
{
    /// <summary>The filter as text, for page tokens.</summary>
    public string Fingerprint => string.Create(CultureInfo.InvariantCulture, $"screenings|{Client}|{From:O}|{Until:O}|{Band}");
}
