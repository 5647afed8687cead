using System.Text;
using System.Text.Json;
using ExternalAction.Sanctions.Domain;
using ExternalAction.Sanctions.Domain.Lists;
using static ExternalAction.Sanctions.Tests.Listings.Steps;
using ScreeningBand = ExternalAction.Sanctions.Domain.Screening.ScreeningBand;

namespace ExternalAction.Sanctions.Tests.Listings;

/// <summary>
/// Journals live for years and are hashed byte by byte: one sample of each event must be stored exactly as golden-events.jsonl
/// says. A line of that file never changes; a new event adds one. A failure here is not mended by editing the file.
/// </summary>
public sealed class StoredEvents
{
    // Characters that JSON escapes, or might: the bytes must stay the same there too.
    private const string Words = "Our \"vital\" reasons – ὁ λόγος <&'+>\n€ 1";

    private static readonly Entry Whole = new()
    {
        Key = "77",
        EuReferenceNumber = "EU.7.7",
        UnitedNationId = "QDi.1",
        DesignationDate = Day("2026-05-04"),
        DesignationDetails = "d",
        SubjectType = SubjectType.Vessel,
        Remarks = [Words],
        Regulations = [new Regulation { Type = "regulation", OrganisationType = "council", PublicationDate = Day("2026-05-04"), EntryIntoForceDate = Day("2026-05-05"), NumberTitle = "2026/700 (OJ L)", Programme = "BLR", PublicationUrl = "http://x", LogicalId = 5 }],
        Names = [new Name { Whole = "Анна Example", First = "Anna", Last = "Example", Language = "RU", Gender = "F", MarkedWeak = true, LogicalId = 6, Remarks = ["low quality"] }],
        Citizenships = [new Citizenship { Country = new Country("BY", "BELARUS") }],
        BirthDates = [new BirthDate { Circa = true, Calendar = BirthCalendar.Islamic, Year = 1340, YearFrom = 1339, YearTo = 1341, Place = "Minsk" }],
        Addresses = [new Address { Street = "1 Main St", City = "Minsk", Country = Country.Unknown, Contacts = [new Contact("EMAIL", "a@b")] }],
        Identifications = [new Identification { TypeCode = "imo", Number = "9074729", KnownExpired = true }],
        Oddities = [new Oddity("x", null)],
    };

    private static readonly Grounds Reasons = new(Words, [Measure.AssetFreeze, Measure.VesselBan], ["file 1"]);
    private static readonly Act Act = new("(CFSP) 2026/700", "OJ L, 2026/700", "32026D0700", "http://x", Day("2026-05-04"), Day("2026-05-05"), "d1");

    private static readonly (string Name, SanctionsEvent Event)[] Samples =
    [
        ("sanctions.listing-proposed.v1", new ListingProposed("a", "BLR", Whole, Reasons, "LT", "d1")),
        ("sanctions.listing-linked.v1", new ListingLinked("a", "d1")),
        ("sanctions.listing-adopted.v1", new ListingAdopted("a", "d1", Day("2026-05-04"))),
        ("sanctions.listing-not-adopted.v1", new ListingNotAdopted("a", "d1", Words)),
        ("sanctions.listing-published.v1", new ListingPublished("a", Act, Day("2027-02-28"), false)),
        ("sanctions.listing-entered-into-force.v1", new ListingEnteredIntoForce("a")),
        ("sanctions.listing-renewed.v1", new ListingRenewed("a", "d2", Day("2028-02-28"))),
        ("sanctions.listing-lapsed.v1", new ListingLapsed("a", Words)),
        ("sanctions.listing-amended.v1", new ListingAmended("a", Whole, Reasons, Act)),
        ("sanctions.listing-notified.v1", new ListingNotified("a", NotificationMethod.Notice, Day("2026-05-06"), "OJ C, C/2026/1", Day("2026-06-30"))),
        ("sanctions.observations-received.v1", new ObservationsReceived("a", Day("2026-05-20"), "counsel", Words)),
        ("sanctions.listing-reviewed.v1", new ListingReviewed("a", Day("2026-05-21"), ReviewOutcome.Maintain, Words)),
        ("sanctions.derogation-recorded.v1", new DerogationRecorded("a", DerogationGround.Humanitarian, "DE", "Bundesbank", Day("2026-05-22"), Day("2026-12-31"), "A 1", Words)),
        ("sanctions.listing-delisted.v1", new ListingDelisted("a", DelistingReason.CriteriaNoLongerMet, "(CFSP) 2026/800", Day("2026-06-01"), Words)),
        ("sanctions.entry-added.v1", new EntryAdded("eu-77", "eu", "BLR", Whole)),
        ("sanctions.entry-amended.v1", new EntryAmended("eu-77", "eu", "BLR", Whole, ["names", "birthDates"])),
        ("sanctions.entry-removed.v1", new EntryRemoved("eu-77", "eu")),
        ("sanctions.list-imported.v1", new ListImported("eu", Utc("2026-05-01T12:00:00.001Z"), true, "ab12", 1, 2, 3, 4, 5)),
        ("sanctions.regimes-imported.v1", new RegimesImported("test", [Belarus, Ukraine])),
        ("sanctions.regime-renewed.v1", new RegimeRenewed("BLR", "d2", "(CFSP) 2027/100", Day("2028-02-28"))),
        ("sanctions.expiry-approached.v1", new ExpiryApproached("BLR", Day("2027-02-28"), 90)),

        // What is absent is not written.
        ("sanctions.listing-proposed.v1", new ListingProposed("a", "BLR", Entry("900000001"), new Grounds("r", [], []), null, null)),
        ("sanctions.listing-published.v1", new ListingPublished("a", Act with { DecisionId = null }, null, true)),
        ("sanctions.listing-amended.v1", new ListingAmended("a", Entry("900000001"), new Grounds("r", [], []), null)),
        ("sanctions.listing-notified.v1", new ListingNotified("a", NotificationMethod.Direct, Day("2026-05-06"), "", null)),
        ("sanctions.derogation-recorded.v1", new DerogationRecorded("a", DerogationGround.LegalFees, null, "", Day("2026-05-22"), null, "", "")),
        ("sanctions.list-imported.v1", new ListImported("un", Utc("2026-05-01T00:00:00Z"), false, "ab12", 0, 0, 0, 0, 0)),
        ("sanctions.screenings-sealed.v1", new ScreeningsSealed("b1", 3, "ab12", Utc("2026-05-01T12:00:00.000001Z"), Utc("2026-05-01T12:00:09Z"))),
        ("sanctions.screenings-expired.v1", new ScreeningsExpired(["b1", "b2"], 5)),

        ("sanctions.subject-stored.v1", new SubjectStored("s", "bank", "0a1b", "2c3d", "AQID-w", "onboarding@1", 0.4000m, [new ListVersion("eu", 10451), new ListVersion("un", 7)])),
        ("sanctions.subject-deleted.v1", new SubjectDeleted("s")),
        ("sanctions.subject-matched.v1", new SubjectMatched("s", "bank", "eu-77", "eu", 10451, 12, 0.9312m, ScreeningBand.Review, "AQID-w")),
        ("sanctions.subjects-rescreened.v1", new SubjectsRescreened("eu", 10451, 100_000, 3)),
        ("sanctions.exclusion-recorded.v1", new ExclusionRecorded("e", "bank", "0a1b", "eu-77", 12, Words)),
        ("sanctions.exclusion-withdrawn.v1", new ExclusionWithdrawn("e")),
        ("sanctions.subject-stored.v1", new SubjectStored("s", "bank", "0a1b", "2c3d", "AQID-w", "onboarding@1", 0.4000m, [new ListVersion("eu", 10451)], "0190aabbccdd7eee8fff000011112222")),
        ("sanctions.subjects-rescreened.v1", new SubjectsRescreened("eu", 10451, 100_000, 3, 17, 2, "names@4")),

        ("sanctions.entry-staged.v1", new EntryStaged("eu", "i", new EntryAdded("eu-77", "eu", "BLR", Whole), null, null)),
        ("sanctions.entry-staged.v1", new EntryStaged("eu", "i", null, new EntryAmended("eu-77", "eu", "BLR", Entry("77"), ["names"]), null)),
        ("sanctions.entry-staged.v1", new EntryStaged("eu", "i", null, null, new EntryRemoved("eu-77", "eu"))),
        ("sanctions.import-completed.v1", new ImportCompleted("eu", "i", 12, 25_011, 25_000)),
        ("sanctions.import-abandoned.v1", new ImportAbandoned("eu", "i")),
        ("sanctions.evidence-changed.v1", new EvidenceChanged("a", ["file 1", Words])),
        ("sanctions.vote-ended.v1", new VoteEnded("d1", true)),
    ];

    private static readonly string[] Golden = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Listings", "golden-events.jsonl"));

    public static TheoryData<int> Lines => [.. Enumerable.Range(0, Samples.Length)];

    [Theory]
    [MemberData(nameof(Lines))]
    public void An_event_is_stored_byte_for_byte_as_ever(int line)
    {
        var (name, happened) = Samples[line];
        var (type, payload) = SanctionsJournal.Definition.Codec.Encode(happened);
        Assert.Equal(name, type);
        var actual = $"{{\"type\":\"{type}\",\"payload\":{Encoding.UTF8.GetString(payload)}}}";
        Assert.True(Golden.ElementAtOrDefault(line) == actual, $"Line {line + 1} of golden-events.jsonl is not what is stored now:\n{actual}");
    }

    [Theory]
    [MemberData(nameof(Lines))]
    public void What_was_ever_stored_is_read_back_as_it_was(int line)
    {
        using var stored = JsonDocument.Parse(Golden[line]);
        var type = stored.RootElement.GetProperty("type").GetString()!;
        var payload = stored.RootElement.GetProperty("payload").GetRawText();
        var read = SanctionsJournal.Definition.Codec.Decode(type, Encoding.UTF8.GetBytes(payload));
        var again = SanctionsJournal.Definition.Codec.Encode(read);
        Assert.Equal((type, payload), (again.Type, Encoding.UTF8.GetString(again.Payload)));
        if (read is not RegimesImported)
        {
            Assert.Equal(Samples[line].Event, read);
        }
    }

    [Fact]
    public void Every_event_has_a_golden_line()
    {
        Assert.Equal(Samples.Length, Golden.Length);
        var events = typeof(SanctionsEvent).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(SanctionsEvent)) && !t.IsAbstract);
        Assert.Empty(events.Except(Samples.Select(s => s.Event.GetType())));
        Assert.Empty(SanctionsJournal.Definition.Codec.TypeNames.Except(Samples.Select(s => s.Name)));
    }
}
