using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;

namespace ExternalAction.Load;

/// <summary>
/// The named reference: pgbench, 64 clients, prepared statements, fsync on, one row per transaction into a table with the
/// journal's columns, constraints and indexes. It is what a service would get that inserts each event by itself.
/// </summary>
internal static partial class PgBench
{
    private const string Schema = """
        DROP TABLE IF EXISTS reference_rows;
        DROP SEQUENCE IF EXISTS reference_positions;
        CREATE TABLE reference_rows (
          position      bigint PRIMARY KEY,
          stream        text   NOT NULL CHECK (length(stream) BETWEEN 1 AND 200),
          version       bigint NOT NULL,
          type          text   NOT NULL,
          payload       text   NOT NULL,
          actor         text   NOT NULL CHECK (length(actor) BETWEEN 1 AND 200),
          occurred_at   bigint NOT NULL,
          recorded_at   bigint NOT NULL,
          previous_hash bytea,
          hash          bytea  NOT NULL
        );
        CREATE UNIQUE INDEX ON reference_rows (stream, position);
        CREATE SEQUENCE reference_positions;
        """;

    /// <summary>Transactions (= rows) per second.</summary>
    public static async Task<double> RunAsync(string binaries, string connectionString, int clients, int seconds, string payload)
    {
        await using (var connection = new NpgsqlConnection(connectionString))
        {
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand(Schema, connection);
            await command.ExecuteNonQueryAsync();
        }

        var script = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(script, $"""
                \set account random(1, 1000)
                INSERT INTO reference_rows VALUES (nextval('reference_positions'), 'account:' || :account, 1, 'deposited.v1', '{payload}', 'alice', 1748779200000000, 1748779200000000, decode(repeat('ab', 32), 'hex'), decode(repeat('cd', 32), 'hex'));
                """);
            var address = new NpgsqlConnectionStringBuilder(connectionString);
            string[] arguments =
            [
                "-h", address.Host!, "-p", address.Port.ToString(CultureInfo.InvariantCulture), "-U", address.Username!,
                "-n", "-M", "prepared", "-c", clients.ToString(CultureInfo.InvariantCulture), "-j", "2",
                "-T", seconds.ToString(CultureInfo.InvariantCulture), "-f", script, address.Database!,
            ];
            using var process = Process.Start(new ProcessStartInfo(Path.Combine(binaries, "pgbench"), arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
                Environment = { ["PGPASSWORD"] = address.Password ?? "" },
            })!;
            var output = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            await process.WaitForExitAsync();
            return Rate().Match(output[0]) is { Success: true } match
                ? double.Parse(match.Groups["tps"].Value, CultureInfo.InvariantCulture)
                : throw new InvalidOperationException($"pgbench failed:\n{string.Concat(output)}");
        }
        finally
        {
            File.Delete(script);
        }
    }

    [GeneratedRegex(@"tps = (?<tps>[0-9.]+)", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Rate();
}
