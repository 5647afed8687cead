using System.Collections.Immutable;

namespace ExternalAction.Journal;

/// <summary>
/// The library's own small state, folded from the stream <c>journal</c>: the journal's identity, its keys and the
/// integration events it refused.
/// </summary>
/// <param name="JournalId">Random id from the genesis row; <see cref="Guid.Empty"/> before it.</param>
/// <param name="Service">The service named in the genesis row.</param>
/// <param name="Keys">Every key there ever was, oldest first.</param>
/// <param name="RejectedCount">How many integration events were refused in all.</param>
/// <param name="LastRejected">The latest of them, oldest first, at most <see cref="RejectedKept"/>; older ones are in the rows.</param>
internal sealed record SystemState(
    Guid JournalId,
    string Service,
    ImmutableList<SigningKey> Keys,
    long RejectedCount,
    ImmutableList<RejectedIntegrationEvent> LastRejected)
{
    /// <summary>How many refused events are kept in memory.</summary>
    public const int RejectedKept = 100;

    public static SystemState Initial { get; } = new(Guid.Empty, "", [], 0, []);

    public SystemState Evolve(SystemEvent value, long position, DateTimeOffset recordedAt) => value switch
    {
        SystemEvent.Opened e => this with { JournalId = e.JournalId, Service = e.Service },
        SystemEvent.SigningKeyAdded e => this with { Keys = Keys.Add(new SigningKey(e.Kid, e.Purpose, e.X, e.Y, recordedAt, null)) },
        SystemEvent.SigningKeyRetired e => this with { Keys = [.. Keys.Select(k => k.Kid == e.Kid ? k with { RetiredAt = recordedAt } : k)] },
        SystemEvent.IntegrationEventRejected e => this with
        {
            RejectedCount = RejectedCount + 1,
            LastRejected = (LastRejected.Count < RejectedKept ? LastRejected : LastRejected.RemoveAt(0)).Add(
                new RejectedIntegrationEvent(position, recordedAt, e.Source, e.SourceJournalId, new EventPlace(e.Position, e.Index), e.Type, e.Reason)),
        },
        _ => throw new ArgumentOutOfRangeException(nameof(value), value, "No fold for this system event."),
    };
}

/// <summary>An integration event that the domain refused; shown in health and in a list until people have dealt with it.</summary>
/// <param name="RecordedPosition">Position of the row that records the refusal.</param>
/// <param name="RecordedAt">When it was refused.</param>
/// <param name="Source">The service it came from.</param>
/// <param name="SourceJournalId">That service's journal.</param>
/// <param name="Place">Where it stands there.</param>
/// <param name="Type">Its type name.</param>
/// <param name="Reason">Why it was refused.</param>
public sealed record RejectedIntegrationEvent(
    long RecordedPosition, DateTimeOffset RecordedAt, string Source, Guid SourceJournalId, EventPlace Place, string Type, string Reason);
