using System.Data.Common;
using ExternalAction.Journal;

namespace ExternalAction.Sanctions.Private;

/// <summary>
/// The claim to work that one replica does for all. On PostgreSQL it is a session lock on a connection of its own, so whoever dies
/// loses it at once, without a clock; on SQLite one process has the store, and it is noted there. Work under a claim must be right
/// even if two do it: a claim that was lost unnoticed saves nothing, but harms nothing.
/// </summary>
internal sealed class WorkClaim : IAsyncDisposable
{
    private readonly PrivateDatabase _database;
    private readonly string _work;
    private readonly DbConnection? _connection;

    private WorkClaim(PrivateDatabase database, string work, DbConnection? connection) => (_database, _work, _connection) = (database, work, connection);

    /// <summary>Takes the claim; null while another has it.</summary>
    /// <exception cref="JournalUnavailableException">The store cannot be reached.</exception>
    public static async Task<WorkClaim?> TryTakeAsync(PrivateDatabase database, string work, CancellationToken cancellation)
    {
        if (!database.IsShared)
        {
            return database.Claimed.TryAdd(work, true) ? new WorkClaim(database, work, null) : null;
        }
        var connection = await database.OpenOwnAsync(cancellation);
        try
        {
            if ((await connection.QueryAsync("SELECT pg_try_advisory_lock(hashtextextended('work ' || @work, 0))", row => row.GetBoolean(0), cancellation, ("work", work)))[0])
            {
                return new WorkClaim(database, work, connection);
            }
        }
        catch (DbException failure)
        {
            await connection.DisposeAsync();
            throw new JournalUnavailableException($"The private store cannot be reached: {failure.Message}", inner: failure);
        }
        await connection.DisposeAsync();
        return null;
    }

    /// <summary>Asks the store whether it is still held.</summary>
    /// <exception cref="JournalUnavailableException">It is lost.</exception>
    public async Task ConfirmAsync(CancellationToken cancellation)
    {
        try
        {
            await (_connection?.RunAsync("SELECT 1", cancellation) ?? Task.CompletedTask);
        }
        catch (DbException failure)
        {
            throw new JournalUnavailableException($"The claim to '{_work}' is lost: {failure.Message}", inner: failure);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_connection is not null)
        {
            try
            {
                await _connection.RunAsync("SELECT pg_advisory_unlock_all()", CancellationToken.None);
            }
            catch (Exception lost) when (lost is DbException or InvalidOperationException)
            {
                // The session has ended, and its locks with it.
            }
            await _connection.DisposeAsync();
        }
        else
        {
            _database.Claimed.TryRemove(_work, out _);
        }
    }
}
