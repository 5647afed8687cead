using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Serialization;
using ExternalAction.Contracts.Events;
using Google.Protobuf.WellKnownTypes;

namespace ExternalAction.Journal.Tests.Relay;

/// <summary>The service that tells: a journal of numbered happenings, each of which means some integration events.</summary>
public sealed record SenderState(int Count);

/// <summary>A happening. The kind says what others learn: <c>vote</c>, <c>pair</c> (two events), <c>quiet</c> (none), or a kind its listener minds.</summary>
public sealed record Happened(int Number, string Kind);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Happened))]
internal sealed partial class SenderJson : JsonSerializerContext;

/// <summary>Its definition, its events for others, and its one command.</summary>
public static class Sender
{
    public const string Service = "decisions";

    public static JournalDefinition<SenderState, Happened> Definition { get; } = new()
    {
        Service = Service,
        Initial = new SenderState(0),
        Evolve = (state, _) => new SenderState(state.Count + 1),
        StreamOf = happened => $"happening:{happened.Number}",
        Codec = new EventCodec<Happened>().Add("happened.v1", SenderJson.Default.Happened),
    };

    /// <summary>The relay's function.</summary>
    public static IEnumerable<object> EventsOf(SenderState state, Happened happened) => happened.Kind switch
    {
        "quiet" => [],
        "pair" => [Event(happened, "first"), Event(happened, "second")],
        "file" => [new FileChanged(happened.Number.ToString(CultureInfo.InvariantCulture))],
        var kind => [Event(happened, kind)],
    };

    /// <summary>What a listener that took everything has noted.</summary>
    public static IEnumerable<string> Notes(params IEnumerable<Happened> happenings)
        => happenings.SelectMany(h => EventsOf(new SenderState(0), h)).OfType<VoteRecorded>().Select(e => $"{e.DecisionId}:{e.Position}");

    public static async Task TellAsync(this Journal<SenderState, Happened> journal, int number, string kind = "vote") => await journal.ExecuteAsync(
        new Command<SenderState, Happened, string, Empty>
        {
            Actor = "alice",
            Rpc = "Tell",
            Input = new Empty(),
            ReceivedAt = DateTimeOffset.UnixEpoch,
            Decide = (_, ctx) => Decision<Happened, string>.Accept(new NewEvent<Happened>(new Happened(number, kind), ctx.Now)),
            Reply = (_, _) => new Empty(),
        },
        CancellationToken.None);

    /// <summary>Tells some numbers, one after the other.</summary>
    public static async Task TellAllAsync(this Journal<SenderState, Happened> journal, int first, int count, string kind = "vote")
    {
        for (var number = first; number < first + count; number++)
        {
            await journal.TellAsync(number, kind);
        }
    }

    private static VoteRecorded Event(Happened happened, string kind) => new(happened.Number.ToString(CultureInfo.InvariantCulture), "FR", kind, null);
}
