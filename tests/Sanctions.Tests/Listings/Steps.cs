using System.Collections.Immutable;
using System.Globalization;
using ExternalAction.Contracts.Events;
using ExternalAction.Sanctions.Consumers;
using ExternalAction.Sanctions.Domain;
using ExternalAction.Sanctions.Domain.Lists;

namespace ExternalAction.Sanctions.Tests.Listings;

/// <summary>Short words for every step in the life of a listing. Unless told otherwise: listing <c>anna</c> of regime BLR, carried by decision <c>d1</c>.</summary>
internal static class Steps
{
    public const string Id = "anna";
    public const string D1 = "d1";
    public const string D2 = "d2";

    public static readonly RegimeRecord Belarus = new("BLR", "Belarus", "2012/642/CFSP", ["32012D0642"], 12, Day("2027-02-28"), "test");
    public static readonly RegimeRecord Ukraine = new("UKR", "Ukraine", "2014/145/CFSP", ["32014D0145"], 6, null, "test");

    public static readonly Actor Officer = new(["sanctions-officer"], null);
    public static readonly Actor HighRepresentative = new(["high-representative"], null);

    public static readonly Content Nothing = new([], [], [], [], [], [], "", [], []);
    public static readonly Content Anna = Nothing with
    {
        Names = [new Name { Whole = "Anna Example", Language = "EN" }],
        StatementOfReasons = "She signed the orders.",
        Measures = [Measure.AssetFreeze, Measure.TravelBan],
        Evidence = ["file 1"],
    };

    public static Actor Delegation(string? memberState) => new(["delegation"], memberState);

    public static Step RegimesAre(params RegimeRecord[] records) => new((s, _) => Regimes.Import(s, new RegimesImported("test", [.. records])));

    public static Step IsProposed(string id = Id, Content? content = null, SubjectType type = SubjectType.Person, string regime = "BLR", string? by = null, string? decision = null, Actor? actor = null) =>
        new((s, m) => Proposing.Propose(s, new ProposeListing(id, regime, type, content ?? Anna, by, decision), actor ?? Officer, m));

    public static Step IsAmended(Content content, Act? act = null, string number = "", string id = Id, params ContentPart[] clear) =>
        new((s, m) => Proposing.Amend(s, new AmendListing(id, content, number, act, [.. clear]), m));

    public static Step VoteOpens(string decision = D1, params string[] links) => From(new DecisionOpened(decision, "t", "TEU-29", "UNANIMITY", "SILENCE", null, Links(links)));

    public static Step IsAdopted(string decision = D1, params string[] links) => From(new DecisionAdopted(decision, "t", "ST 1", "TEU-29", "UNANIMITY", false, Day("2026-05-04"), "SILENCE_LAPSED", [], [], [], Links(links)));

    public static Step IsNotAdopted(string decision = D1, params string[] links) => From(new DecisionNotAdopted(decision, "SILENCE_BROKEN", [], Links(links)));

    /// <summary>The act <c>(CFSP) 2026/{decision}</c> is published.</summary>
    public static Step IsPublished(string decision = D1, string effect = "2026-05-04", string? expiry = null, string number = "(CFSP) 2026/700", params string[] links) =>
        From(new ActPublished(decision, number, "OJ L, 2026/700", "32026D0700", "http://data.europa.eu/eli/dec/2026/700/oj", Day("2026-05-04"), Day("2026-05-04"), Day(effect), expiry is null ? null : Day(expiry), Links(links)));

    public static Step Becomes(string state, string decision = D1, string? by = null, string? expiry = null, string? on = null, params string[] links) =>
        From(new ActChanged(decision, "(CFSP) 2026/700", state, by, expiry is null ? null : Day(expiry), Links(links)), on is null ? null : Days.StartOf(Day(on)));

    /// <summary>Anna, proposed and listed by decision d1, in force.</summary>
    public static Step[] IsListed(string id = Id, string decision = D1, string? expiry = null, Content? content = null, string number = "(CFSP) 2026/700", string regime = "BLR") =>
        [IsProposed(id, content, regime: regime), VoteOpens(decision, id), IsAdopted(decision, id), IsPublished(decision, expiry: expiry, number: number, links: id)];

    public static Step DayComes(string id = Id) => new((s, m) => Following.EnterIntoForce(s, id, m));

    public static Step IsNotified(string date = "2026-05-04", string? until = null, NotificationMethod method = NotificationMethod.Notice, string id = Id) =>
        new((s, m) => Living.Notify(s, new ListingNotified(id, method, Day(date), "OJ C, C/2026/1", until is null ? null : Day(until)), m));

    public static Step IsHeard(string date = "2026-05-04", string id = Id) => new((s, m) => Living.Observe(s, new ObservationsReceived(id, Day(date), "counsel", "Denies it."), m));

    public static Step IsReviewed(string date = "2026-05-04", ReviewOutcome outcome = ReviewOutcome.Maintain, string id = Id) => new((s, m) => Living.Review(s, new ListingReviewed(id, Day(date), outcome, "Kept."), m));

    public static Step IsDerogatedFrom(
        string from = "2026-05-04", string? until = "2026-12-31", DerogationGround ground = DerogationGround.BasicNeeds, string authority = "Bundesbank", string id = Id) =>
        new((s, _) => Living.Derogate(s, new DerogationRecorded(id, ground, "DE", authority, Day(from), until is null ? null : Day(until), "A 1", "Rent.")));

    public static Step IsDelisted(DelistingReason reason = DelistingReason.Death, string act = "(CFSP) 2026/800", string date = "2026-05-04", string id = Id) =>
        new((s, m) => Living.Delist(s, new ListingDelisted(id, reason, act, Day(date), ""), m));

    /// <summary>A file as compared with the list just before.</summary>
    public static Step FileArrives(
        string generated = "2026-05-01", Entry[]? added = null, (string Id, Entry Entry)[]? amended = null, string[]? removed = null, bool force = false, string hash = "", long behind = 0, string list = "eu") =>
        new((s, _) => Importing.Import(s, AFile(generated, added, amended, removed, force, hash, list) with { Version = s.Lists[list].Position - behind }));

    /// <summary>What a file changes, compared with the list before anything was on it.</summary>
    public static ImportList AFile(
        string generated = "2026-05-01", Entry[]? added = null, (string Id, Entry Entry)[]? amended = null, string[]? removed = null, bool force = false, string hash = "", string list = "eu") => new(
            list,
            0,
            [.. added ?? []],
            [.. (amended ?? []).Select(a => new AmendedEntry(a.Id, a.Entry, ["names"]))],
            [.. removed ?? []],
            new ExternalAction.Sanctions.Domain.ListImported(list, Utc(generated), false, hash.Length > 0 ? hash : generated, added?.Length ?? 0, amended?.Length ?? 0, removed?.Length ?? 0, 0, 0),
            force);

    /// <summary>Some rows of a file that is written in parts.</summary>
    public static Step IsStaged(ImportList file, string id = "i1", int from = 0, int count = 2) => new((s, _) => Staging.Stage(s, file, id, from, count));

    /// <summary>The row that makes the parts visible.</summary>
    public static Step IsCompleted(ImportList file, string id = "i1") => new((s, _) => Staging.Complete(s, file, id));

    /// <summary>A subject as a file tells it.</summary>
    public static Entry Entry(string key, string name = "Boris Example", string programme = "BLR", string act = "2012/642 (OJ L285)", string? number = null, string? published = null) => new()
    {
        Key = key,
        EuReferenceNumber = number,
        Names = [new Name { Whole = name }],
        Regulations = [new Regulation { NumberTitle = act, Programme = programme, PublicationDate = published is null ? null : Day(published) }],
    };

    public static Entry[] Entries(int count) => [.. Enumerable.Range(1, count).Select(i => Entry(i.ToString(CultureInfo.InvariantCulture), $"Name {i}"))];

    public static Act AnAct(string effect = "2026-05-04") => new("(CFSP) 2026/900", "", "", "", Day("2026-05-04"), Day(effect), null);

    public static EventLink[] Links(params string[] ids) => [.. ids.Select(id => id.StartsWith("regime:", StringComparison.Ordinal) ? new EventLink("SANCTIONS_REGIME", id[7..]) : new EventLink("SANCTIONS_LISTING", id))];

    public static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static DateTimeOffset Utc(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);

    private static Step From(object happened, DateTimeOffset? at = null) => new((s, m) => FromDecisions.Follow(s, happened, m, at ?? m.Now, m.Now), at);
}
