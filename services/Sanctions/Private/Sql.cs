using System.Data.Common;
using System.Globalization;
using System.Text;

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

    /// <summary>Inserts rows with few statements; each has at most 1,000 parameters. <paramref name="end"/> may say what happens on a conflict.</summary>
    public static async Task InsertAsync(this DbConnection connection, string table, string columns, IReadOnlyList<object?[]> rows, CancellationToken cancellation, string end = "")
    {
        foreach (var chunk in rows.Chunk(Math.Max(1, 1_000 / Math.Max(1, rows.Count == 0 ? 1 : rows[0].Length))))
        {
            await using var command = connection.CreateCommand();
            var text = new StringBuilder($"INSERT INTO {table} ({columns}) VALUES ");
            foreach (var (i, row) in chunk.Index())
            {
                text.Append(i == 0 ? "(" : ", (");
                foreach (var (j, value) in row.Index())
                {
                    var name = string.Create(CultureInfo.InvariantCulture, $"p{(i * row.Length) + j}");
                    text.Append(j == 0 ? "@" : ", @").Append(name);
                    Add(command, name, value);
                }
                text.Append(')');
            }
            command.CommandText = text.Append(' ').Append(end).ToString();
            await command.ExecuteNonQueryAsync(cancellation);
        }
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
