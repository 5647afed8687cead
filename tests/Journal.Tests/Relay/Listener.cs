using System.Collections.Immutable;
using System.Text.Json.Serialization;
using ExternalAction.Contracts.Events;
using ExternalAction.Journal.Consumers;

namespace ExternalAction.Journal.Tests.Relay;

/// <summary>The service that listens: it notes every vote it hears of, in the order it hears of them.</summary>
public sealed record ListenerState(ImmutableList<string> Notes);

/// <summary>A note: number and kind of a happening, and who caused it.</summary>
public sealed record Noted(string Note, string Actor);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Noted))]
internal sealed partial class ListenerJson : JsonSerializerContext;

/// <summary>Its definition and what it does on an event.</summary>
public static class Listener
{
    public const string Queue = "listener.decisions";

    public static JournalDefinition<ListenerState, Noted> Definition(string service) => new()
    {
        Service = service,
        Initial = new ListenerState([]),
        Evolve = (state, row) => new ListenerState(state.Notes.Add(row.Event.Note)),
        StreamOf = _ => "notes",
        Codec = new EventCodec<Noted>().Add("noted.v1", ListenerJson.Default.Noted),
    };

    /// <summary>Notes a vote; refuses the kind <c>refused</c>, fails on the kind <c>faulty</c> while <paramref name="broken"/> says so.</summary>
    public static void On(EventHandlers<ListenerState, Noted, string> events, Func<bool> broken) => events.On<VoteRecorded>((_, context, vote, envelope) =>
        vote.Position == "refused" ? Decision<Noted, string>.Reject("the listener does not want it")
        : vote.Position == "faulty" && broken() ? throw new InvalidOperationException("the listener has a bug")
        : Decision<Noted, string>.Accept(new NewEvent<Noted>(new Noted($"{vote.DecisionId}:{vote.Position}", envelope.Actor), context.Now)));
}
