using System.Collections.Immutable;
using ExternalAction.Sanctions.Domain;
using ExternalAction.Sanctions.Domain.Lists;
using ExternalAction.Sanctions.Tests.Subjects;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using static ExternalAction.Sanctions.Tests.Listings.Steps;

namespace ExternalAction.Sanctions.Tests.Listings;

/// <summary>A step of a random life, in words, and how many days after the one before it comes.</summary>
public sealed record Command(string Words, Step Step, int DaysLater)
{
    public override string ToString() => $"+{DaysLater} {Words}";
}

/// <summary>Steps in any order, sensible or not, on two listings, two decisions, a regime and a list.</summary>
public sealed record Life(ImmutableArray<Command> Commands)
{
    public override string ToString() => string.Join(Environment.NewLine, Commands);
}

/// <summary>How FsCheck makes lives. Nothing is filtered: many steps come at a wrong time and are refused, or find nothing to do.</summary>
public static class RandomLives
{
    private static readonly Gen<string> Ids = Gen.Elements("anna", "anna", "boris", "nobody");
    private static readonly Gen<string> Decisions = Gen.Elements(D1, D1, D2);
    private static readonly Gen<string[]> Linked = Gen.Elements<string[]>(["anna"], ["anna", "boris"], ["boris", "nobody", "regime:BLR"], ["regime:BLR"], []);
    private static readonly Gen<string?> Ends = Gen.Elements<string?>(null, "2026-05-20", "2027-02-28", "2028-02-28");

    private static readonly Gen<string> FileDays = Gen.Elements("2026-05-01", "2026-05-02");

    private static readonly Gen<string[]> Listed = Gen.Elements<string[]>(["anna"], ["anna", "boris"], []);

    private static readonly Gen<(string, Step)> Steps = Gen.Frequency(
        (4, from id in Ids from d in Gen.Elements<string?>(null, null, D1) select ($"propose {id} for {d}", IsProposed(id, decision: d))),
        (4, from d in Decisions from l in Linked select ($"open {d} {Said(l)}", VoteOpens(d, l))),
        (6, from d in Decisions from l in Linked select ($"adopt {d} {Said(l)}", IsAdopted(d, l))),
        (2, from d in Decisions from l in Linked select ($"reject {d} {Said(l)}", IsNotAdopted(d, l))),
        (8, from d in Decisions from l in Linked from e in Gen.Elements("2026-05-04", "2026-05-15") from x in Ends select ($"publish {d} {Said(l)} {e} {x}", IsPublished(d, e, x, links: l))),
        (6, from d in Decisions from l in Linked from s in Gen.Elements("IN_FORCE", "RENEWED", "EXPIRED", "REPEALED", "AMENDED") from x in Ends select ($"{d} becomes {s} {Said(l)} {x}", Becomes(s, d, D2, x, links: l))),
        (4, from id in Ids select ($"day of {id}", DayComes(id))),
        (2, from id in Ids from t in Gen.Elements("x", "y") select ($"amend {id}", IsAmended(Nothing with { Remarks = [t], Names = [new Name { Whole = $"Anna {t}" }] }, AnAct(), id: id))),
        (2, from id in Ids from t in Gen.Elements("x", "y") select ($"evidence of {id}", IsAmended(Nothing with { Evidence = [t] }, id: id))),
        (2, from id in Ids select ($"notify {id}", IsNotified(id: id))),
        (2, from id in Ids select ($"hear {id}", IsHeard(id: id))),
        (2, from id in Ids from o in Gen.Elements(Enum.GetValues<ReviewOutcome>()) select ($"review {id}", IsReviewed(outcome: o, id: id))),
        (2, from id in Ids select ($"derogate {id}", IsDerogatedFrom(id: id))),
        (2, from id in Ids from r in Gen.Elements(DelistingReason.Death, DelistingReason.Annulment) select ($"delist {id} {r}", IsDelisted(r, id: id))),
        (1, from t in Gen.Elements("a", "b") select ($"regime {t}", RegimesAre(Belarus with { Title = t }))),
        (2, from days in Gen.Elements(90, 30) select ($"alert {days}", new Step((s, _) => Regimes.Approach(s, "BLR", Day("2027-02-28"), days)))),
        (2, from g in FileDays from n in Gen.Elements(1, 2, 3) select ($"file {g} with {n}", AFile(g, n, Importing.Import))),
        (4, from g in FileDays from n in Gen.Elements(2, 3) from i in Gen.Elements("i1", "i2") from f in Gen.Elements(0, 0, 1) select ($"stage file {g} with {n} by {i} from {f}", AFile(g, n, (s, file) => Staging.Stage(s, file, i, f, 1)))),
        (4, from g in FileDays from n in Gen.Elements(2, 3) from i in Gen.Elements("i1", "i2") select ($"complete file {g} with {n} by {i}", AFile(g, n, (s, file) => Staging.Complete(s, file, i)))),
        (6, from id in Gen.Elements("s1", "s1", "s2", "s3") from r in Gen.Elements("c1", "c1", "c2") from c in Gen.Elements("x", "y") from h in Listed select ($"store {id} {r} {c} {Said(h)}", WithListed(h, l => SubjectSteps.IsStored(id, r, c, hits: l)))),
        (2, from id in Gen.Elements("s1", "s2") select ($"forget {id}", SubjectSteps.IsDeleted(id))),
        (4, from id in Gen.Elements("s1", "s2", "s3") from h in Listed select ($"match {id} {Said(h)}", WithListed(h, l => SubjectSteps.Matches(id, listings: l)))),
        (2, Gen.Constant(("rescreen", SubjectSteps.AllAreRescreened()))),
        (3, from l in Ids from r in Gen.Elements("c1", "c2") select ($"exclude {l} for {r}", SubjectSteps.IsExcluded(l, reference: r))),
        (2, from e in Gen.Elements("e1", "e2") from h in Listed select ($"take back {e}", WithListed(h, l => SubjectSteps.IsTakenBack(e, matching: l)))));

    public static Arbitrary<Life> Lives() => Arb.From(
        from commands in Gen.ArrayOf(from step in Steps from later in Gen.Elements(0, 0, 1, 12) select new Command(step.Item1, step.Item2, later), 40)
        select new Life([.. commands]),
        life => Enumerable.Range(0, life.Commands.Length).Select(i => new Life(life.Commands.RemoveAt(i))));

    /// <summary>A file with so many entries, compared as an import compares: by key.</summary>
    private static Step AFile(string generated, int count, Func<SanctionsState, ImportList, Verdict> import) => new((s, _) =>
    {
        var entries = Entries(count);
        var there = s.InForce("eu").Where(l => l.IsOnFile).ToDictionary(l => l.Entry.Key);
        return import(s, Listings.Steps.AFile(
            generated,
            [.. entries.Where(e => !there.ContainsKey(e.Key))],
            removed: [.. there.Values.Where(l => entries.All(e => e.Key != l.Entry.Key)).Select(l => l.Id)],
            force: true,
            hash: $"{generated} {count}") with
        { Version = s.Lists["eu"].Position });
    });

    /// <summary>Hits are found on what is there.</summary>
    private static Step WithListed(string[] wanted, Func<string[], Step> step) => new((s, m) => step([.. wanted.Where(s.Listings.ContainsKey)]).Decide(s, m));

    private static string Said(string[] links) => $"[{string.Join(' ', links)}]";
}

/// <summary>What holds for every life, whatever comes in whatever order.</summary>
[Properties(Arbitrary = [typeof(RandomLives)], MaxTest = 200)]
public sealed class WhateverHappens
{
    [Property]
    public void Whatever_is_decided_twice_adds_nothing_the_second_time(Life life) =>
        Live(life, (step, _, after, moment) => Assert.Empty(step.Decide(after, moment).Events));

    [Property]
    public void The_state_never_contradicts_itself(Life life) => Live(life, (_, before, after, _) =>
    {
        Assert.Equal(after.Listings.Keys.Order(StringComparer.Ordinal), after.ByAge.Order(StringComparer.Ordinal));
        Assert.Equal(after.Listings.Values.Where(l => l.State == ListingState.Published).Select(l => l.Id).ToHashSet(), after.Timed);
        Assert.All(after.Listings.Values, listing =>
        {
            Assert.True(!listing.IsInForce || listing.Act is not null || listing.IsOnFile, "In force without an act and without a file.");
            Assert.True(listing.Delisting is null || listing.State is ListingState.Delisted or ListingState.Annulled);
            Assert.InRange(listing.NamesPosition, listing.Created.Position, listing.Updated.Position);
            if (before.Listings.GetValueOrDefault(listing.Id) is { } was)
            {
                Assert.Equal(was.Entry.Names != listing.Entry.Names, was.NamesPosition != listing.NamesPosition);
            }
        });

        // The list's version tells exactly whether what it says has changed.
        Assert.Equal(Says(before) != Says(after), before.VersionOf("eu") != after.VersionOf("eu"));
        Assert.Equal(after.Alerts.Count, after.Alerts.Select(a => (a.Regime, a.ExpiryDate, a.DaysBefore)).Distinct().Count());
    });

    [Property]
    public void What_clients_left_here_is_kept_straight(Life life) => Live(life, (_, before, after, _) =>
    {
        var (all, excluded) = (after.Subjects, after.Exclusions);
        Assert.Equal(all.ById.Values.ToDictionary(s => s.ReferenceHash, s => s.Id), all.ByReference.ToDictionary());
        Assert.Equal(all.ById.Keys.Order(), all.ByClient.Values.SelectMany(c => c.Subjects.Values).Order());
        Assert.Equal(all.ById.Values.SelectMany(s => s.Alerts).OrderBy(a => a.Position), all.ByClient.Values.SelectMany(c => c.Alerts.Values).OrderBy(a => a.Position));
        Assert.Equal(all.Deleted.Keys.Order(), all.DeletedInOrder.Order());
        Assert.Empty(all.ById.Keys.Intersect(all.Deleted.Keys));
        Assert.All(all.Progress, p => Assert.Equal(all.ById.Values.Count(s => s.IsOn(p.Key)), p.Value.Subjects));
        Assert.All(all.Progress, p => Assert.InRange(p.Value.Position, 0, after.Lists[p.Key].Position));
        Assert.All(all.ById.Values, s => Assert.Distinct(s.Alerts.Select(a => (a.ListingId, a.NamesPosition))));
        var raised = all.ById.Values.Where(s => before.Subjects.ById.ContainsKey(s.Id)).SelectMany(s => s.Alerts.Except(before.Subjects.ById[s.Id].Alerts).Select(a => (s.ReferenceHash, a.ListingId, a.NamesPosition)));
        Assert.All(raised, r => Assert.False(excluded.Holds(r.ReferenceHash, r.ListingId, r.NamesPosition)));
        Assert.Equal(excluded.ById.Values.Where(e => !e.IsWithdrawn).Select(e => e.Recorded.Id).Order(), excluded.ByReference.Values.SelectMany(ids => ids).Order());
    });

    [Property]
    public void Nobody_is_listed_but_by_adoption_and_publication_or_by_a_file(Life life) => Live(life, (_, before, after, _) =>
    {
        foreach (var listing in after.Listings.Values.Where(l => l.IsInForce))
        {
            var was = before.Listings.GetValueOrDefault(listing.Id);
            Assert.True(was is { State: ListingState.InForce or ListingState.Adopted or ListingState.Published or ListingState.Lapsed } || listing.IsOnFile, $"{listing.Id} was {was?.State}.");
        }
    });

    private static string Says(SanctionsState state) =>
        string.Join('\n', state.InForce("eu").OrderBy(l => l.Id, StringComparer.Ordinal).Select(l => $"{l.Id} {l.Entry} {l.Grounds with { Evidence = [] }}"));

    private static void Live(Life life, Action<Step, SanctionsState, SanctionsState, Moment> check)
    {
        var state = Spec.Given().State;
        var (now, position) = (Spec.Start, 100L);
        foreach (var (_, step, daysLater) in life.Commands)
        {
            now = now.AddDays(daysLater);
            var moment = new Moment(now, now);
            var verdict = step.Decide(state, moment);
            Assert.True(verdict.Refusal is null || verdict.Events.IsEmpty);
            var before = state;
            foreach (var happened in verdict.Events)
            {
                state = state.Evolve(happened, new Stamp(++position, "test", now, now));
            }
            check(step, before, state, moment);
        }
    }
}
