using ExternalAction.Sanctions.Domain;
using static ExternalAction.Sanctions.Tests.Listings.Spec;
using static ExternalAction.Sanctions.Tests.Listings.Steps;

namespace ExternalAction.Sanctions.Tests.Listings;

/// <summary>Regimes: imported, renewed by decisions, and watched. BLR applies until 28 February 2027.</summary>
public sealed class RegimesAndAlerts
{
    [Fact]
    public void A_record_replaces_the_one_of_its_code_and_one_that_says_nothing_new_changes_nothing()
    {
        var given = Given();
        given.When(RegimesAre(Belarus with { FrameworkActs = [.. Belarus.FrameworkActs] })).ThenNothing();
        given.When(RegimesAre(Belarus with { ExpiryDate = Day("2026-12-31") })).ThenOne<RegimesImported>();
        Assert.Equal((Day("2026-12-31"), 2), (given.State.Regimes["BLR"].ExpiryDate, given.State.Regimes.Count));
    }

    [Fact]
    public void The_same_record_again_does_not_undo_a_renewal()
    {
        var given = Given(IsPublished(D2, expiry: "2028-02-28", links: "regime:BLR"));
        given.When(RegimesAre(Belarus)).ThenNothing();
        Assert.Equal(Day("2028-02-28"), given.State.Regimes["BLR"].ExpiryDate);
    }

    [Fact]
    public void Records_that_contradict_themselves_are_refused_whole()
    {
        Given().When(RegimesAre(Belarus, Ukraine, Belarus)).ThenRefused(RefusalCode.InvalidRecord, "regimes[2].code");
        Given().When(RegimesAre(Belarus with { RhythmMonths = -1 })).ThenRefused(RefusalCode.InvalidRecord, "regimes[0].rhythmMonths");
        Given().When(RegimesAre(Ukraine, Belarus with { RhythmMonths = 121 })).ThenRefused(RefusalCode.InvalidRecord, "regimes[1].rhythmMonths");
    }

    [Fact]
    public void The_renewing_decision_is_on_record_and_a_known_day_is_no_renewal()
    {
        var given = Given().When(Becomes("RENEWED", D1, by: D2, expiry: "2028-02-28", links: "regime:BLR"));
        given.Then(new RegimeRenewed("BLR", D2, "(CFSP) 2026/700", Day("2028-02-28")));
        given.When(IsPublished(D2, expiry: "2028-02-28", links: "regime:BLR")).ThenNothing();
    }

    [Fact]
    public void Each_threshold_is_told_once_on_its_day_in_Brussels()
    {
        var given = Given();
        Assert.Empty(Told(given, "2026-11-29T22:59:59Z"));
        Assert.Equal([90], Told(given, "2026-11-29T23:00:00Z"));
        Assert.Empty(Told(given, "2026-11-30T10:00:00Z"));
        Assert.Equal([30], Told(given, "2027-01-28T23:00:00Z"));
        Assert.Equal([7], Told(given, "2027-02-20T23:00:00Z"));
        Assert.Empty(Told(given, "2027-02-28T22:59:59Z"));
        Assert.Equal([0], Told(given, "2027-02-28T23:00:00Z"));
        Assert.Empty(Told(given, "2028-01-01T00:00:00Z"));
        Assert.Equal(4, given.State.Alerts.Count);
    }

    [Fact]
    public void Of_several_that_fell_due_while_nobody_watched_the_last_is_told()
    {
        var given = Given();
        Assert.Equal([7], Told(given, "2027-02-22T00:00:00Z"));
        Assert.Equal([0], Told(given, "2030-01-01T00:00:00Z"));
    }

    [Fact]
    public void A_renewal_between_thresholds_starts_them_anew_for_the_new_day()
    {
        var given = Given();
        Assert.Equal([90], Told(given, "2026-12-01T00:00:00Z"));
        given.And(IsPublished(D2, expiry: "2028-02-28", links: "regime:BLR"));
        Assert.Empty(Told(given, "2027-02-22T00:00:00Z"));
        Assert.Equal([90], Told(given, "2027-12-01T00:00:00Z"));
        Assert.Equal([true, false], given.State.Alerts.Select(a => Regimes.IsSettled(given.State, a)));
        Assert.Equal([(90, "2027-02-28"), (90, "2028-02-28")], given.State.Alerts.Select(a => (a.DaysBefore, $"{a.ExpiryDate:yyyy-MM-dd}")));
    }

    [Fact]
    public void What_was_due_for_a_day_that_was_renewed_meanwhile_is_not_told()
    {
        var given = Given();
        var due = Clock.Due(given.State, Utc("2026-12-01T00:00:00Z")).First(d => d.Key.StartsWith("expiry:BLR:2027-02-28:90", StringComparison.Ordinal));
        given.And(IsPublished(D2, expiry: "2028-02-28", links: "regime:BLR")).When(new Step(due.Decide)).ThenNothing();
    }

    [Fact]
    public void A_regime_without_a_day_on_record_is_not_watched() => Assert.DoesNotContain(Clock.Due(Given().State, Utc("2099-01-01T00:00:00Z")), d => d.Key.Contains("UKR", StringComparison.Ordinal));

    [Fact]
    public void A_listing_that_waits_for_its_day_is_due_then()
    {
        var given = Given(IsProposed(), IsAdopted(links: Id), IsPublished(effect: "2026-05-20", links: Id));
        var due = Clock.Due(given.State, Start).Single(d => d.Key == "effect:anna:2026-05-20");
        Assert.Equal(Utc("2026-05-19T22:00:00Z"), due.At);
        given.At(due.At).When(new Step(due.Decide)).Then(new ListingEnteredIntoForce(Id));
    }

    [Fact]
    public void The_regimes_the_service_comes_with_are_taken_and_name_their_source()
    {
        var (_, import) = Seed.Regimes();
        Assert.Null(Regimes.Import(SanctionsState.Empty, import).Refusal);
        Assert.All(import.Records, r => Assert.NotEmpty(r.Source));
        // Every programme of the notes' table, HR being human rights; Croatia is no regime.
        Assert.Superset(new HashSet<string> { "UKR", "BLR", "HAM", "HR", "TERR", "CYB", "CHEM", "PRK" }, import.Records.Select(r => r.Code).ToHashSet());
    }

    /// <summary>What the clock tells of BLR at an instant; whatever is told is recorded, as the service would.</summary>
    private static List<int> Told(Spec given, string at)
    {
        var now = Utc(at);
        var told = new List<int>();
        foreach (var (_, key, decide) in Clock.Due(given.State, now).Where(d => d.At <= now).ToList())
        {
            told.Add(given.At(now).When(new Step(decide)).ThenOne<ExpiryApproached>().DaysBefore);
            Assert.Equal($"expiry:BLR:{given.State.Alerts[^1].ExpiryDate:yyyy-MM-dd}:{told[^1]}", key);
        }
        return told;
    }
}
