using ExternalAction.Sanctions.Domain;
using ExternalAction.ServiceDefaults;
using Google.Protobuf;

namespace ExternalAction.Sanctions.Grpc;

/// <summary>The CSV form of regimes.</summary>
internal static class RegimeCsv
{
    /// <summary>The records of a file.</summary>
    /// <exception cref="Grpc.Core.RpcException">INVALID_FIELD with the line and column at fault.</exception>
    public static IEnumerable<RegimeRecord> Read(ByteString csv, string source) =>
        CsvForm.Read(csv, ["code", "title"], ["basicDecision", "frameworkActs", "rhythmMonths", "expiryDate", "source"]).Select(row => new RegimeRecord(
            Form.Text(row["code"], $"csv line {row.Line}, code", 16, required: true),
            Form.Text(row["title"], $"csv line {row.Line}, title", 500, required: true),
            Form.Text(row["basicDecision"], $"csv line {row.Line}, basicDecision", 64),
            [.. row["frameworkActs"].Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)],
            row["rhythmMonths"].Length == 0 ? 0 : int.CreateSaturating(row.Number("rhythmMonths")),
            Form.DayOrNull(row["expiryDate"], $"csv line {row.Line}, expiryDate"),
            row["source"].Length > 0 ? row["source"] : source));
}
