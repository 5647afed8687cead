using System.Globalization;
using ExternalAction.Sanctions.Domain;
using ExternalAction.ServiceDefaults;
using Proto = ExternalAction.Contracts.Sanctions.V1;

namespace ExternalAction.Sanctions.Screening;

/// <summary>
/// The query parameters by which OpenSanctions' clients choose among results. What would leave nobody to compare with is refused: an answer without
/// results that never looked would pass for one that found nothing.
/// </summary>
internal sealed class DatasetFilters
{
    private const int ValuesMax = 500;
    private const string Topic = "sanction";

    private static readonly string[] _instants = ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    /// <summary>The algorithms OpenSanctions has or had: whoever names one gets this suite's.</summary>
    private static readonly string[] _algorithms = ["best", "logic-v1", "logic-v2", "name-based", "name-qualified", "ofac-249", "regression-v1", "regression-v2"];

    private readonly HashSet<string> _ids;
    private readonly HashSet<string> _schemas;
    private readonly DateTimeOffset? _since;

    /// <summary>Reads them.</summary>
    public DatasetFilters(Proto.MatchDatasetRequest request)
    {
        _ids = Form.List(request.ExcludeEntityIds, "excludeEntityIds", ValuesMax).ToHashSet(StringComparer.Ordinal);
        _schemas = Form.List(request.ExcludeSchema, "excludeSchema", ValuesMax).ToHashSet(StringComparer.OrdinalIgnoreCase);
        _since = request.ChangedSince.Length == 0 ? null
            : DateTimeOffset.TryParseExact(request.ChangedSince, _instants, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var since) ? since
            : throw FormErrors.Invalid("changedSince", "a day or an instant, YYYY-MM-DD or YYYY-MM-DDTHH:MM:SS.");
        if (Form.List(request.IncludeDataset, "includeDataset", ValuesMax) is { Count: > 0 } included && !included.Contains(request.Dataset))
        {
            throw FormErrors.Invalid("includeDataset", $"it leaves nothing of the dataset {request.Dataset}.");
        }
        if (Form.List(request.ExcludeDataset, "excludeDataset", ValuesMax).Contains(request.Dataset))
        {
            throw FormErrors.Invalid("excludeDataset", $"it leaves nothing of the dataset {request.Dataset}.");
        }
        if (Form.List(request.Topics, "topics", ValuesMax) is { Count: > 0 } topics && !topics.Contains(Topic))
        {
            throw FormErrors.Invalid("topics", $"every entity here has the topic {Topic}, and no other.");
        }
        if (request.Algorithm.Length > 0 && !_algorithms.Contains(request.Algorithm))
        {
            throw FormErrors.Invalid("algorithm", $"there is none of this name; known are {string.Join(", ", _algorithms)}.");
        }
    }

    /// <summary>What they leave out of an answer, beside what the client excluded before.</summary>
    public LeftOut With(LeftOut excluded) => _ids.Count == 0 && _schemas.Count == 0 && _since is null
        ? excluded
        : new LeftOut(ScreeningResult.HitsMax, listing => excluded.Has(listing) || LeavesOut(listing));

    private bool LeavesOut(Listing listing) =>
        _ids.Contains(listing.Id) || OpenSanctionsMatch.Referents(listing).Any(_ids.Contains) || _schemas.Contains(OpenSanctionsMatch.SchemaOf(listing)) || listing.Updated.RecordedAt < _since;
}
