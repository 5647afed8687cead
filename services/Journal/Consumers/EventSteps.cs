using ExternalAction.Contracts.Events;

namespace ExternalAction.Journal.Consumers;

/// <summary>One command of a consumer: an event with an effect, or a run of events that ends with one or has none at all.</summary>
/// <param name="Consumed">The last event of the run, as the follower of the event before the run.</param>
/// <param name="Decide">What the last event asks to be decided; nothing, for a run without effect.</param>
internal sealed record EventStep<TState, TEvent, TRejection>(ConsumedEvent Consumed, Func<TState, DecideContext, Decision<TEvent, TRejection>> Decide)
    where TState : class
    where TEvent : class
    where TRejection : class;

/// <summary>
/// The steps of one message. Events that have no effect here need no command of their own: the cursor passes over them with
/// the next event that has one. Only events that follow each other without a hole are taken together, so a missing one still shows.
/// </summary>
internal sealed class EventSteps<TState, TEvent, TRejection>
    where TState : class
    where TEvent : class
    where TRejection : class
{
    private readonly List<EventStep<TState, TEvent, TRejection>> _steps = [];
    private bool _lastHasEffect = true;

    /// <summary>The steps so far.</summary>
    public IReadOnlyList<EventStep<TState, TEvent, TRejection>> All => _steps;

    /// <summary>Adds the message's next event; without a decision it has no effect.</summary>
    public void Add(ConsumedEvent consumed, Func<TState, DecideContext, Decision<TEvent, TRejection>>? decide)
    {
        if (!_lastHasEffect && _steps[^1].Consumed is var run && run.JournalId == consumed.JournalId && run.Place == consumed.Previous)
        {
            _steps.RemoveAt(_steps.Count - 1);
            consumed = consumed with { Previous = run.Previous };
        }

        _lastHasEffect = decide is not null;
        _steps.Add(new(consumed, decide ?? ((_, _) => Decision<TEvent, TRejection>.Nothing)));
    }
}
