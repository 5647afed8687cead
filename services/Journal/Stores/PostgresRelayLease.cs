using Npgsql;

namespace ExternalAction.Journal;

/// <summary>
/// A relay's lease on PostgreSQL: a session lock on a connection of its own. The checkpoint moves on that same
/// connection, so a relay whose session has ended cannot move it any more, whatever it believes.
/// </summary>
internal sealed class PostgresRelayLease(NpgsqlConnection connection, string relay) : RelayLease
{
    public static async Task<PostgresRelayLease?> TryTakeAsync(string connectionString, string relay, CancellationToken ct)
    {
        var connection = PostgresConnections.Own(connectionString, "relay");
        try
        {
            await connection.OpenAsync(ct);
            await using var command = new NpgsqlCommand($"SELECT pg_try_advisory_lock({PostgresConnections.RelayLock(relay)})", connection);
            if (await command.ExecuteScalarAsync(ct) is true)
            {
                return new PostgresRelayLease(connection, relay);
            }
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }

        await connection.DisposeAsync();
        return null;
    }

    /// <summary>Parameters: name, position, place and index of the last event.</summary>
    public const string MoveCheckpoint = """
        INSERT INTO journal_checkpoints (relay, position, last_position, last_item) VALUES ($1, $2, $3, $4)
        ON CONFLICT (relay) DO UPDATE SET position = excluded.position, last_position = excluded.last_position, last_item = excluded.last_item
        """;

    public override Task MoveCheckpointAsync(RelayCheckpoint checkpoint, CancellationToken ct)
        => ExecuteAsync(MoveCheckpoint, ct, relay, checkpoint.Position, checkpoint.LastEvent.Position, checkpoint.LastEvent.Index);

    public override Task ConfirmAsync(CancellationToken ct) => ExecuteAsync("SELECT 1", ct);

    public override ValueTask DisposeAsync() => connection.DisposeAsync();

    private async Task ExecuteAsync(string sql, CancellationToken ct, params object[] parameters)
    {
        try
        {
            await using var command = new NpgsqlCommand(sql, connection);
            foreach (var value in parameters)
            {
                command.Parameters.Add(new NpgsqlParameter { Value = value });
            }

            await command.ExecuteNonQueryAsync(ct);
        }
        catch (Exception failure) when (PostgresConnections.IsStoreFailure(failure))
        {
            throw new JournalUnavailableException($"The lease of the relay '{relay}' is lost or its database cannot be reached.", inner: failure);
        }
    }
}
