using Grpc.Core;
using Microsoft.Net.Http.Headers;

namespace ExternalAction.Gateway.Rest;

/// <summary>Chooses what to answer with, among what the rpcs behind a path produce, by the request's Accept header.</summary>
internal static class MediaTypes
{
    public const string Json = "application/json";
    public const string EventStream = "text/event-stream";
    public const string JsonLines = "application/x-ndjson";
    private static readonly IReadOnlyList<string> _json = [Json];
    private static readonly IReadOnlyList<string> _streams = [EventStream, JsonLines];

    /// <summary>What a binding can produce, the preferred first.</summary>
    public static IReadOnlyList<string> ProducedBy(HttpBinding binding) => binding.Rpc switch
    {
        { ReplyTypes: { Count: > 0 } types } => types,
        { Kind: RpcKind.Events } => _streams,
        _ => _json,
    };

    /// <summary>Which of the bindings of one path comes first when the client does not mind: JSON, then events, then files.</summary>
    public static int Preference(HttpBinding binding) => binding.Rpc switch
    {
        { RepliesWithBytes: true } => 2,
        { Streams: true } => 1,
        _ => 0,
    };

    /// <summary>The binding and media type to answer with.</summary>
    /// <param name="bindings">The rpcs of the path; JSON is preferred among equals.</param>
    /// <param name="accept">The Accept headers; none means anything.</param>
    /// <exception cref="RpcException">NOT_ACCEPTABLE.</exception>
    public static (HttpBinding Binding, string MediaType) Choose(IReadOnlyList<HttpBinding> bindings, IList<string> accept)
    {
        // Most requests: one rpc, and a client that takes anything.
        if (bindings.Count == 1 && accept is [] or ["*/*"])
        {
            return (bindings[0], ProducedBy(bindings[0])[0]);
        }

        var offers = bindings
            .SelectMany(binding => ProducedBy(binding).Select(type => (Binding: binding, Type: type)))
            .OrderBy(offer => Preference(offer.Binding))
            .ToList();
        // No header, or one that cannot be read, asks for anything.
        if (accept.Count == 0 || !MediaTypeHeaderValue.TryParseList(accept, out var wanted) || wanted.Count == 0)
        {
            return offers[0];
        }

        var best = offers
            .Select((offer, order) => (offer, order, quality: QualityOf(offer.Type, wanted)))
            .Where(candidate => candidate.quality > 0)
            .OrderByDescending(candidate => candidate.quality)
            .ThenBy(candidate => candidate.order)
            .Select(candidate => candidate.offer)
            .FirstOrDefault();
        return best.Binding is null ? throw Refuse.NotAcceptable(offers.Select(o => o.Type)) : best;
    }

    // The most specific range that fits decides, so "text/calendar;q=0, */*" excludes calendars (RFC 9110, 12.5.1).
    private static double QualityOf(string type, IList<MediaTypeHeaderValue> wanted)
    {
        var offer = MediaTypeHeaderValue.Parse(type);
        return wanted
            .Where(range => range.MatchesAllTypes || (range.MatchesAllSubTypes ? range.Type == offer.Type : range.MediaType.Equals(offer.MediaType, StringComparison.OrdinalIgnoreCase)))
            .OrderBy(range => range.MatchesAllTypes ? 2 : range.MatchesAllSubTypes ? 1 : 0)
            .Select(range => range.Quality ?? 1)
            .FirstOrDefault(0);
    }
}
