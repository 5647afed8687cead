using System.Text.Json;
using ExternalAction.Contracts.Platform.V1;
using ExternalAction.Contracts.Sanctions.V1;
using ExternalAction.Sanctions.Domain;
using ExternalAction.Sanctions.Domain.Screening;
using ExternalAction.Sanctions.Records;
using ExternalAction.Sanctions.Screening;
using ExternalAction.ServiceDefaults;
using Google.Api;
using Google.Protobuf;
using Grpc.Core;
using Proto = ExternalAction.Contracts.Sanctions.V1;

namespace ExternalAction.Sanctions.Grpc;

/// <summary>The match request of OpenSanctions clients, answered by the same engine on the same lists.</summary>
internal sealed partial class ScreeningsService
{
    private const int QueriesMax = 100;
    private const int ResultsMax = 500;
    private const int UsualResults = 5;

    /// <inheritdoc/>
    public override async Task<HttpBody> MatchDataset(Proto.MatchDatasetRequest request, ServerCallContext context)
    {
        var list = request.Dataset switch
        {
            "eu_fsf" => SanctionsState.Eu,
            "un_sc" => SanctionsState.Un,
            _ => throw RpcErrors.Create(SanctionsError.Types.Code.ListNotFound, $"There is no dataset '{request.Dataset}'; the datasets are eu_fsf and un_sc.", "dataset"),
        };
        var profile = ScreeningProfile.Onboarding;
        var threshold = request.Threshold.Length == 0 ? profile.Alert : ThresholdOf(request.Threshold, "threshold");
        var limit = request.Limit == 0 ? UsualResults : request.Limit is >= 1 and <= ResultsMax ? request.Limit : throw FormErrors.Invalid("limit", $"{request.Limit} is not between 1 and {ResultsMax}.");
        var cutoff = request.Cutoff.Length == 0 ? (decimal?)null : Math.Min(ThresholdOf(request.Cutoff, "cutoff"), threshold);
        var filters = new DatasetFilters(request);
        var queries = Queries(request.Body);
        var version = (await ListsAsync([list], "", context))[0];
        if (version.Listings.Count == 0)
        {
            throw RpcErrors.Create(SanctionsError.Types.Code.ListNotFound, $"The dataset '{request.Dataset}' names nobody: no file of it was imported, or an empty one.", "dataset");
        }
        var client = context.Caller().Subject;
        var exclusions = ExclusionsOf(context);
        var options = new MatchOptions(profile, cutoff) { Limit = limit };
        var records = new List<NewScreening>(queries.Count);
        var responses = new Dictionary<string, MatchResponse>(StringComparer.Ordinal);
        foreach (var (key, query) in queries)
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            var subject = OpenSanctionsMatch.Read(query);
            if (!CanScreen(subject))
            {
                throw RpcErrors.Create(SanctionsError.Types.Code.NothingToScreen, $"The query '{key}' has neither a name of letters or digits nor an identifier.", $"queries.{key}.properties.name");
            }
            var result = ScreeningResult.Of(subject, options, [version], filters.With(exclusions.For(query.Id ?? "")));
            records.Add(recorder.Record(client, subject, options, [version], result, keepQuery: false));
            MatchedEntity[] results = [.. result.Hits.Select(h => OpenSanctionsMatch.Write(h.Listing, h.Hit, request.Dataset, threshold))];
            responses[key] = new MatchResponse(200, new MatchTotal(results.Length, "eq"), OpenSanctionsMatch.Echo(query), results, records[^1].Record.Id);
        }
        await recorder.AppendAsync(records, patient: false, context.CancellationToken);
        var reply = new MatchBodyReply(
            responses, new Dictionary<string, string>(StringComparer.Ordinal) { ["name_match"] = "Names compared across scripts and spellings, with what is known of their bearers." }, limit);
        return new HttpBody { ContentType = "application/json", Data = UnsafeByteOperations.UnsafeWrap(JsonSerializer.SerializeToUtf8Bytes(reply, MatchJson.Readable.MatchBodyReply)) };
    }

    private static Dictionary<string, MatchQuery> Queries(ByteString body)
    {
        try
        {
            // A query that is null is passed over, as there.
            var sent = JsonSerializer.Deserialize(body.Span, MatchJson.Default.MatchBody)?.Queries ?? [];
            var queries = sent.Where(q => q.Value is not null).ToDictionary(q => q.Key, q => q.Value!, StringComparer.Ordinal);
            return queries.Count == 0 ? throw FormErrors.Required("queries") : queries.Count > QueriesMax ? throw FormErrors.TooMany("queries", QueriesMax, queries.Count) : queries;
        }
        catch (JsonException malformed)
        {
            throw RpcErrors.Create(PlatformError.Types.Code.MalformedBody, $"The body is not a match request: {malformed.Message}");
        }
    }
}
