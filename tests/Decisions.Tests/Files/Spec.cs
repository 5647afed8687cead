using System.Text.Json;
using ExternalAction.Decisions.Domain;
using ExternalAction.Decisions.Tests.Reference;

namespace ExternalAction.Decisions.Tests.Files;

/// <summary>One command as the service would put it to the domain: a decide function with its arguments, and the instant it happened if that is not when it was received.</summary>
public sealed record Step(Func<DecisionsState, Moment, Verdict> Decide, DateTimeOffset? OccurredAt = null)
{
    /// <summary>Events that are simply there, without a command.</summary>
    public static implicit operator Step(DecisionsEvent happened) => new((_, _) => happened);
}

/// <summary>
/// Given steps that succeed, when one more is taken, then exactly these events follow, or this refusal. State comes from the real
/// decide functions over the product's own reference data, folded by the real Evolve; the clock is the test's.
/// </summary>
internal sealed class Spec
{
    /// <summary>Sunday 1 June 2025, 17:00 in Brussels.</summary>
    public static readonly DateTimeOffset Start = new(2025, 6, 1, 15, 0, 0, TimeSpan.Zero);

    private Moment _moment = new(Start, Start);
    private long _position;
    private Verdict? _verdict;

    public DecisionsState State { get; private set; } = Seeded.State;

    public static Spec Given(params ReadOnlySpan<Step> steps) => new Spec().And(steps);

    /// <summary>Further steps that succeed.</summary>
    public Spec And(params ReadOnlySpan<Step> steps)
    {
        foreach (var step in steps)
        {
            Assert.Null(Take(step).Refusal);
        }
        return this;
    }

    /// <summary>The next step is received at an instant, and decided then or a while after.</summary>
    public Spec At(DateTimeOffset received, TimeSpan decidedAfter = default)
    {
        _moment = new Moment(received + decidedAfter, received);
        return this;
    }

    /// <summary>The step that is looked at.</summary>
    public Spec When(Step step)
    {
        _verdict = Take(step);
        return this;
    }

    /// <summary>Exactly these events followed, compared by what would be stored.</summary>
    public Spec Then(params ReadOnlySpan<DecisionsEvent> expected)
    {
        Assert.Null(_verdict!.Value.Refusal);
        string[] wanted = [.. expected.ToArray().Select(Stored)];
        Assert.Equal(wanted, _verdict.Value.Events.Select(Stored));
        return this;
    }

    /// <summary>One event of this kind followed, among others perhaps.</summary>
    public T ThenOne<T>() where T : DecisionsEvent
    {
        Assert.Null(_verdict!.Value.Refusal);
        return Assert.Single(_verdict.Value.Events.OfType<T>());
    }

    /// <summary>What other services learn of what followed.</summary>
    public IReadOnlyList<object> Learned()
    {
        Assert.Null(_verdict!.Value.Refusal);
        return [.. _verdict.Value.Events.SelectMany(happened => Integration.Of(State, happened))];
    }

    /// <summary>The step was accepted, and there was nothing to do.</summary>
    public Spec ThenNothing() => Then([]);

    /// <summary>The step was refused, and says why and where.</summary>
    public Spec ThenRefused(RefusalCode code, string? field = null, string? article = null)
    {
        var refusal = Assert.IsType<Refusal>(_verdict!.Value.Refusal);
        Assert.Equal(code, refusal.Code);
        Assert.NotEmpty(refusal.Detail);
        Assert.Empty(_verdict.Value.Events);
        if (field is not null)
        {
            Assert.Equal(field, refusal.Field);
        }
        if (article is not null)
        {
            Assert.Equal(article, refusal.Article);
        }
        return this;
    }

    /// <summary>A file now stands here, for this reason.</summary>
    public Spec Stands(FileState state, FileReason reason, string id = Steps.Id)
    {
        Assert.Equal((state, reason), (State.Files[id].State, State.Files[id].Reason));
        Assert.NotEmpty(State.Files[id].ReasonText);
        return this;
    }

    /// <summary>The file as it is now.</summary>
    public Decision File(string id = Steps.Id) => State.Files[id];

    /// <summary>The JSON an event is stored as.</summary>
    public static string Stored(DecisionsEvent happened) => happened.GetType().Name + " " + JsonSerializer.Serialize(happened, happened.GetType(), EventJson.Default);

    private Verdict Take(Step step)
    {
        var verdict = step.Decide(State, _moment);
        foreach (var happened in verdict.Events)
        {
            State = State.Evolve(happened, new Stamp(++_position, "test", step.OccurredAt ?? _moment.ReceivedAt, _moment.Now));
        }
        return verdict;
    }
}
