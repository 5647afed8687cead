using System.Collections.Immutable;
using ExternalAction.Sanctions.Domain;
using ExternalAction.ServiceDefaults;
using Google.Protobuf;
using Proto = ExternalAction.Contracts.Sanctions.V1;

namespace ExternalAction.Sanctions.Grpc;

/// <summary>Regimes read from a request, as records or as CSV: form only, each refusal with its field, or line and column.</summary>
internal static class RegimeForm
{
    private const int ActsMax = 20;

    /// <summary>The records of a request.</summary>
    /// <exception cref="Grpc.Core.RpcException">INVALID_FIELD, FIELD_REQUIRED, TEXT_TOO_LONG, TOO_MANY_ITEMS.</exception>
    public static IEnumerable<RegimeRecord> Read(IEnumerable<Proto.Regime> regimes, string source) => regimes.Select((r, i) =>
    {
        // What is counted or decided here is told, not imported: passed over, it would seem to have been taken.
        var told = r.Listings != 0 ? "listings" : r.RenewedBy.Length > 0 ? "renewedBy" : r.RenewedByAct.Length > 0 ? "renewedByAct" : r.Position != 0 ? "position" : null;
        return told is not null
            ? throw FormErrors.Invalid($"regimes[{i}].{told}", "is what the service knows of a regime; leave it out.")
            : new RegimeRecord(
                Form.Text(r.Code, $"regimes[{i}].code", 16, required: true),
                Form.Text(r.Title, $"regimes[{i}].title", 500, required: true),
                Form.Text(r.BasicDecision, $"regimes[{i}].basicDecision", 64),
                Acts(r.FrameworkActs, $"regimes[{i}].frameworkActs"),
                r.RhythmMonths,
                Form.DayOrNull(r.ExpiryDate, $"regimes[{i}].expiryDate"),
                r.Source.Length > 0 ? Form.Text(r.Source, $"regimes[{i}].source", 500) : source);
    });

    /// <summary>The records of a file.</summary>
    /// <exception cref="Grpc.Core.RpcException">INVALID_FIELD, FIELD_REQUIRED, TEXT_TOO_LONG, TOO_MANY_ITEMS with the line and column at fault.</exception>
    public static IEnumerable<RegimeRecord> Read(ByteString csv, string source) =>
        CsvForm.Read(csv, ["code", "title"], ["basicDecision", "frameworkActs", "rhythmMonths", "expiryDate", "source"]).Select(row => new RegimeRecord(
            Form.Text(row["code"], $"csv line {row.Line}, code", 16, required: true),
            Form.Text(row["title"], $"csv line {row.Line}, title", 500, required: true),
            Form.Text(row["basicDecision"], $"csv line {row.Line}, basicDecision", 64),
            Acts(row["frameworkActs"].Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries), $"csv line {row.Line}, frameworkActs"),
            row["rhythmMonths"].Length == 0 ? 0 : int.CreateSaturating(row.Number("rhythmMonths")),
            Form.DayOrNull(row["expiryDate"], $"csv line {row.Line}, expiryDate"),
            row["source"].Length > 0 ? Form.Text(row["source"], $"csv line {row.Line}, source", 500) : source));

    private static ImmutableArray<string> Acts(IReadOnlyCollection<string> acts, string field) => acts.Count <= ActsMax
        ? [.. acts.Select((act, i) => Form.Text(act, $"{field}[{i}]", 64, required: true))]
        : throw FormErrors.TooMany(field, ActsMax, acts.Count);
}
