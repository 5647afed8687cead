using System.Data.Common;
using System.Globalization;

namespace ExternalAction.Sanctions.Private;

/// <summary>Statements with named parameters (<c>@name</c>), in one line each. Failures go up as they are; <see cref="PrivateDatabase"/> names them.</summary>
internal static class Sql
{
    /// <summary>Executes a statement; says how many rows it touched.</summary>
    public static async Task<int> RunAsync(this DbConnection connection, string sql, CancellationToken cancellation, params (string Name, object? Value)[] parameters)
    {
        await using var command = Command(connection, sql, parameters);
        return await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Reads all rows of a query.</summary>
    public static async Task<List<T>> QueryAsync<T>(this DbConnection connection, string sql, Func<DbDataReader, T> row, CancellationToken cancellation, params (string Name, object? Value)[] parameters)
    {
        await using var command = Command(connection, sql, parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellation))
        {
            rows.Add(row(reader));
        }
        return rows;
    }

    /// <summary>
    /// Inserts rows in one round trip (PostgreSQL) or by one statement prepared once (SQLite, which has no round trips).
    /// <paramref name="end"/> may say what happens on a conflict.
    /// </summary>
    public static async Task InsertAsync(this DbConnection connection, string table, string columns, IReadOnlyList<object?[]> rows, CancellationToken cancellation, string end = "")
    {
        if (rows.Count == 0)
        {
            return;
        }
        var sql = $"INSERT INTO {table} ({columns}) VALUES ({string.Join(", ", Enumerable.Range(0, rows[0].Length).Select(Name))}) {end}";
        if (connection.CanCreateBatch)
        {
            await using var batch = connection.CreateBatch();
            foreach (var row in rows)
            {
                var insert = batch.CreateBatchCommand();
                insert.CommandText = sql;
                foreach (var (i, value) in row.Index())
                {
                    var parameter = insert.CreateParameter();
                    (parameter.ParameterName, parameter.Value) = (Name(i), value ?? DBNull.Value);
                    insert.Parameters.Add(parameter);
                }
                batch.BatchCommands.Add(insert);
            }
            await batch.ExecuteNonQueryAsync(cancellation);
            return;
        }
        await using var command = Command(connection, sql, [.. rows[0].Select((value, i) => (Name(i), value))]);
        foreach (var row in rows)
        {
            foreach (var (i, value) in row.Index())
            {
                command.Parameters[i].Value = value ?? DBNull.Value;
            }
            await command.ExecuteNonQueryAsync(cancellation);
        }

        static string Name(int i) => string.Create(CultureInfo.InvariantCulture, $"@p{i}");
    }

    /// <summary>The names <c>@a0, @a1, …</c> for an IN list, and its parameters.</summary>
    public static (string Names, (string Name, object? Value)[] Parameters) In(IEnumerable<string> values)
    {
        (string Name, object? Value)[] parameters = [.. values.Select((value, i) => (string.Create(CultureInfo.InvariantCulture, $"a{i}"), (object?)value))];
        return (string.Join(", ", parameters.Select(p => "@" + p.Name)), parameters);
    }

    /// <summary>The bytes of a column.</summary>
    public static byte[] Bytes(this DbDataReader reader, int column) => reader.GetFieldValue<byte[]>(column);

    private static DbCommand Command(DbConnection connection, string sql, (string Name, object? Value)[] parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            Add(command, name, value);
        }
        return command;
    }

    private static void Add(DbCommand command, string name, object? value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value ?? DBNull.Value;
        command.Parameters.Add(parameter);
    }
}
