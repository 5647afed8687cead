using System.Globalization;
using CsvHelper;
using Google.Protobuf;

namespace ExternalAction.ServiceDefaults;

/// <summary>
/// Reads the CSV form of an import (RFC 4180, UTF-8, header row) into the same records as the JSON form. A column that is
/// missing, unknown or not readable is refused with its line.
/// </summary>
public static class CsvForm
{
    /// <summary>The rows of a file, each as column name → text. Columns may stand in any order.</summary>
    /// <param name="csv">The file.</param>
    /// <param name="required">Columns that must be there.</param>
    /// <param name="optional">Columns that may be there.</param>
    public static IEnumerable<CsvRow> Read(ByteString csv, string[] required, string[] optional)
    {
        using var reader = CsvReader.Create(csv.Memory, new CsvReaderOptions { TrackLineNumbers = true });
        if (Next(reader, header: true) is not { } header)
        {
            throw FormErrors.Invalid("csv", "the file has no header row.");
        }
        foreach (var missing in required.Except(header, StringComparer.Ordinal))
        {
            throw FormErrors.Invalid("csv", $"column '{missing}' is missing; the columns are {string.Join(",", required.Concat(optional))}.");
        }
        foreach (var unknown in header.Except(required.Concat(optional), StringComparer.Ordinal))
        {
            throw FormErrors.Invalid("csv", $"column '{unknown}' is not known; the columns are {string.Join(",", required.Concat(optional))}.");
        }
        while (Next(reader, header: false) is { } fields)
        {
            if (fields.Length != header.Length)
            {
                throw FormErrors.Invalid("csv", $"line {reader.LineNumber} has {fields.Length} columns, the header has {header.Length}.");
            }
            yield return new CsvRow(reader.LineNumber, header.Zip(fields).ToDictionary(p => p.First, p => p.Second.Trim(), StringComparer.Ordinal));
        }
    }

    private static string[]? Next(CsvReader reader, bool header)
    {
        try
        {
            if (header)
            {
                reader.ReadHeader();
                return reader.Headers is { Count: > 0 } columns ? [.. columns] : null;
            }
            return reader.Read() ? [.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetString)] : null;
        }
        catch (CsvFormatException fault)
        {
            throw FormErrors.Invalid("csv", $"line {fault.LineNumber}: not a CSV record.");
        }
    }
}

/// <summary>One row of an import.</summary>
public sealed record CsvRow(long Line, IReadOnlyDictionary<string, string> Columns)
{
    /// <summary>A column's text; empty when the optional column is not there.</summary>
    public string this[string column] => Columns.GetValueOrDefault(column, "");

    /// <summary>A whole number.</summary>
    public long Number(string column) => long.TryParse(this[column], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? number
        : throw FormErrors.Invalid("csv", $"line {Line}, column {column}: '{this[column]}' is not a whole number.");

    /// <summary>true or false.</summary>
    public bool Truth(string column) => this[column] switch
    {
        "true" => true,
        "false" or "" => false,
        var other => throw FormErrors.Invalid("csv", $"line {Line}, column {column}: '{other}' is neither true nor false."),
    };

    /// <summary>A value of an enum, by its contract name.</summary>
    public TEnum Value<TEnum>(string column) where TEnum : struct, Enum => Value<TEnum>(column, this[column]);

    /// <summary>Values of an enum, separated by |.</summary>
    public IEnumerable<TEnum> Values<TEnum>(string column) where TEnum : struct, Enum =>
        this[column].Split('|', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(v => Value<TEnum>(column, v));

    private TEnum Value<TEnum>(string column, string name) where TEnum : struct, Enum =>
        Enum.TryParse<TEnum>(name.Replace("_", "", StringComparison.Ordinal), ignoreCase: true, out var value) && !char.IsAsciiDigit(name.FirstOrDefault()) && Convert.ToInt32(value, null) != 0
            ? value
            : throw FormErrors.Invalid("csv", $"line {Line}, column {column}: '{name}' is not a value of it.");
}
