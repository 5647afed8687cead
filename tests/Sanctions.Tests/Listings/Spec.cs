using System.Text.Json;
using ExternalAction.Sanctions.Domain;

namespace ExternalAction.Sanctions.Tests.Listings;

/// <summary>One command as the service would put it to the domain, or one event of another service as its consumer would.</summary>
public sealed record Step(Func<SanctionsState, Moment, Verdict> Decide, DateTimeOffset? OccurredAt = null)
{
    /// <summary>Events that are simply there, without a command.</summary>
    public static implicit operator Step(SanctionsEvent happened) => new((_, _) => happened);
}

/// <summary>
/// Given steps that succeed, when one more is taken, then exactly these events follow, or this refusal. State comes from the real
/// decide functions, folded by the real Evolve; the clock is the test's.
/// </summary>
internal sealed class Spec
{
    /// <summary>Monday 4 May 2026, 12:00 in Brussels.</summary>
    public static readonly DateTimeOffset Start = new(2026, 5, 4, 10, 0, 0, TimeSpan.Zero);

    private Moment _moment = new(Start, Start);
    private long _position;
    private Verdict? _verdict;

    public SanctionsState State { get; private set; } = SanctionsState.Empty;

    /// <summary>The regimes are on record; then the steps.</summary>
    public static Spec Given(params ReadOnlySpan<Step> steps) => new Spec().And(Steps.RegimesAre(Steps.Belarus, Steps.Ukraine)).And(steps);

    /// <summary>Further steps that succeed.</summary>
    public Spec And(params ReadOnlySpan<Step> steps)
    {
        foreach (var step in steps)
        {
            Assert.Null(Take(step).Refusal);
        }
        return this;
    }

    /// <summary>The next step is taken at an instant.</summary>
    public Spec At(DateTimeOffset now)
    {
        _moment = new Moment(now, now);
        return this;
    }

    /// <summary>The next step is taken at noon of a day.</summary>
    public Spec On(string day) => At(Days.StartOf(Steps.Day(day)).AddHours(12));

    /// <summary>The step that is looked at.</summary>
    public Spec When(Step step)
    {
        _verdict = Take(step);
        return this;
    }

    /// <summary>Exactly these events followed, compared by what would be stored.</summary>
    public Spec Then(params ReadOnlySpan<SanctionsEvent> expected)
    {
        Assert.Null(_verdict!.Value.Refusal);
        string[] wanted = [.. expected.ToArray().Select(Stored)];
        Assert.Equal(wanted, _verdict.Value.Events.Select(Stored));
        return this;
    }

    /// <summary>One event of this kind followed, among others perhaps.</summary>
    public T ThenOne<T>() where T : SanctionsEvent
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

    /// <summary>A listing now stands here.</summary>
    public Spec Stands(ListingState state, string id = Steps.Id)
    {
        Assert.Equal(state, State.Listings[id].State);
        return this;
    }

    /// <summary>The listing as it is now.</summary>
    public Listing Listing(string id = Steps.Id) => State.Listings[id];

    /// <summary>The JSON an event is stored as.</summary>
    public static string Stored(SanctionsEvent happened) => happened.GetType().Name + " " + JsonSerializer.Serialize(happened, happened.GetType(), EventJson.Default);

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
