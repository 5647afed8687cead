using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using ExternalAction.Decisions.Domain;
using ExternalAction.Decisions.Domain.Reference;
using ExternalAction.Decisions.Domain.Voting;
using static ExternalAction.Decisions.Tests.Files.Steps;

namespace ExternalAction.Decisions.Tests.Files;

/// <summary>
/// Journals live for years and are hashed byte by byte: one sample of each event must be stored exactly as golden-events.jsonl
/// says. A line of that file never changes; a new event adds one. A failure here is not mended by editing the file.
/// </summary>
public sealed class StoredEvents
{
    // Characters that JSON escapes, or might: the bytes must stay the same there too.
    private const string Words = "Our \"vital\" reasons – ὁ λόγος <&'+>\n€ 1";

    private static readonly DateTimeOffset At = Utc("2025-06-02T09:59:59.9999990Z");

    private static readonly CountedSide Nobody = new(0, 0, "0.0000", []);

    private static readonly Count Counted = new(
        Rule.Unanimity, Outcome.Adopted, ReasonCode.UnanimityReached, "Nobody is against.", "TEU 31(1)",
        new CountedSide(2, 92_000_000, "0.9449", ["DE", "MT"]), Nobody, Nobody, new CountedSide(1, 5_367_244, "0.0550", ["IE"]), Nobody,
        new Requirement(Rule.Unanimity, "TEU 31(1)", 3, 97_367_244, 0, 0, 2, 0, 0, 1, 32_455_748), 2, new OneThirdBlock(0, 27_088_504, 97_367_244), ["DE", "MT"], ["IE"],
        new TableUsed(2025, Day("2025-01-01"), true, "Annex III"));

    private static readonly (string Name, DecisionsEvent Event)[] Samples =
    [
        ("decisions.file-opened.v1", new FileOpened(
            "f1", Words, "ST/6395/2025/INIT", "TEU-31-2-C", "TEU 31(2), third indent", Institution.Council, true, Initiative.MemberState, "EE", false, Procedure.Silence, Day("2025-06-01"),
            Rule.ReinforcedQualifiedMajority, ["DE", "IE"], [new Outsider("HU", "Suspended.")], [new Link(LinkKind.PeaceFacilityMeasure, "m1")], FileState.Proposed, new Origin("f0", true))),
        ("decisions.file-advanced.v1", new FileAdvanced("f1", FileState.WorkingParty)),
        ("decisions.file-withdrawn.v1", new FileWithdrawn("f1", Words)),
        ("decisions.vote-opened.v1", new VoteOpened("f1", At, ["HU"], [new Proxy("HU", "SK")])),
        ("decisions.deadline-extended.v1", new DeadlineExtended("f1", At, At.AddTicks(1))),
        ("decisions.vote-cast.v1", new VoteCast("f1", "HU", Position.ConstructiveAbstention, Words, "SK", At)),
        ("decisions.late-objection-stated.v1", new LateObjectionStated("f1", "EL", Words, At)),
        ("decisions.silence-broken.v1", new SilenceBroken("f1", "EL", FileState.Psc)),
        ("decisions.vote-closed.v1", new VoteClosed("f1", true, FileReason.SilenceLapsed, Counted, [new FinalPosition("IE", Position.ConstructiveAbstention, Words)], Day("2025-06-02"))),
        ("decisions.brake-invoked.v1", new BrakeInvoked("f1", "HU", Words)),
        ("decisions.mediation-ended.v1", new MediationEnded("f1", MediationOutcome.SolutionFound, Words)),
        ("decisions.referral-opened.v1", new ReferralOpened("f1", "v1")),
        ("decisions.referral-decided.v1", new ReferralDecided("f1", true, "e1")),
        ("decisions.act-published.v1", new ActPublished("f1", "(CFSP) 2025/1100", "OJ L, 2025/1100, 2.6.2025", "32025D1100", "http://data.europa.eu/eli/dec/2025/1100/oj", Day("2025-06-02"), Day("2025-06-03"), Day("2026-06-01"), false)),
        ("decisions.act-entered-into-force.v1", new ActEnteredIntoForce("f1")),
        ("decisions.act-amended.v1", new ActAmended("f1", "f2")),
        ("decisions.act-renewed.v1", new ActRenewed("f1", "f2", Day("2027-06-01"))),
        ("decisions.act-expired.v1", new ActExpired("f1")),
        ("decisions.act-repealed.v1", new ActRepealed("f1", "f2")),
        ("decisions.member-states-imported.v1", new MemberStatesImported(Day("2025-01-01"), "Treaties", [new MemberStateRecord("HU", "Hungary", 17, Day("2004-05-01"), Day("2030-12-31"), "Treaties")])),
        ("decisions.populations-imported.v1", new PopulationsImported(new PopulationTable(2025, Day("2025-01-01"), true, "Annex III", 451_028_881, [new Member("DE", 83_395_240)]))),
        ("decisions.legal-bases-imported.v1", new LegalBasesImported(Day("2009-12-01"), "Treaties", [new LegalBasisRecord(
            "TEU-31-2-C", "Implementing decision", "TEU 31(2), third indent", Institution.Council, Rule.QualifiedMajority, [Initiative.HighRepresentative, Initiative.Commission], true, true, Words, Day("2009-12-01"), null, "Treaties")])),
        ("decisions.opt-outs-imported.v1", new OptOutsImported(Day("2009-12-01"), "Protocol 22", [new OptOutRecord("DK", "*", OptOutScope.MilitaryOrDefence, "Protocol 22", Day("2009-12-01"), Day("2022-06-30"), "Protocol 22")])),
    ];

    // What is absent is not written: a second line of golden bytes for the events that have optional fields.
    private static readonly (string Name, DecisionsEvent Event)[] Bare =
    [
        ("decisions.file-opened.v1", ((FileOpened)Samples[0].Event) with { ProposedBy = null, Origin = null, NotParticipating = [], Links = [] }),
        ("decisions.vote-opened.v1", new VoteOpened("f1", null, [], [])),
        ("decisions.vote-cast.v1", new VoteCast("f1", "HU", Position.For, null, null, At)),
        ("decisions.vote-closed.v1", new VoteClosed("f1", false, FileReason.QuorumNotMet, Counted with { OneThirdBlock = null, Table = null }, [new FinalPosition("IE", Position.Absent, null)], Day("2025-06-02"))),
        ("decisions.referral-decided.v1", new ReferralDecided("f1", false, null)),
        ("decisions.act-published.v1", ((ActPublished)Samples[13].Event) with { ExpiryDate = null }),
    ];

    private static readonly string[] Golden = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Files", "golden-events.jsonl"));

    public static TheoryData<int> Lines => [.. Enumerable.Range(0, Samples.Length + Bare.Length)];

    [Theory]
    [MemberData(nameof(Lines))]
    public void An_event_is_stored_byte_for_byte_as_ever(int line)
    {
        var (name, happened) = line < Samples.Length ? Samples[line] : Bare[line - Samples.Length];
        var (type, payload) = DecisionsJournal.Definition.Codec.Encode(happened);
        Assert.Equal(name, type);
        var actual = $"{{\"type\":\"{type}\",\"payload\":{Encoding.UTF8.GetString(payload)}}}";
        Assert.True(Golden.ElementAtOrDefault(line) == actual, $"Line {line + 1} of golden-events.jsonl is not what is stored now:\n{actual}");
    }

    [Theory]
    [MemberData(nameof(Lines))]
    public void What_was_ever_stored_is_read_and_written_back_without_loss(int line)
    {
        using var stored = JsonDocument.Parse(Golden[line]);
        var type = stored.RootElement.GetProperty("type").GetString()!;
        var payload = stored.RootElement.GetProperty("payload").GetRawText();
        var again = DecisionsJournal.Definition.Codec.Encode(DecisionsJournal.Definition.Codec.Decode(type, Encoding.UTF8.GetBytes(payload)));
        Assert.Equal((type, payload), (again.Type, Encoding.UTF8.GetString(again.Payload)));
    }

    [Fact]
    public void Every_event_has_a_golden_line()
    {
        Assert.Equal(Samples.Length + Bare.Length, Golden.Length);
        var events = typeof(DecisionsEvent).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(DecisionsEvent)) && !t.IsAbstract);
        Assert.Empty(events.Except(Samples.Select(s => s.Event.GetType())));
        Assert.Empty(DecisionsJournal.Definition.Codec.TypeNames.Except(Samples.Select(s => s.Name)));
    }
}
