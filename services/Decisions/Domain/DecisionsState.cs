using System.Collections.Immutable;
using ExternalAction.Decisions.Domain.Reference;
using ExternalAction.Decisions.Domain.Voting;

namespace ExternalAction.Decisions.Domain;

/// <summary>
/// Everything the service knows now: all files, the reference data, and the indexes that rules across files need.
/// Immutable; folded from the journal, event by event.
/// </summary>
public sealed record DecisionsState(
    ImmutableDictionary<string, Decision> Files,
    ImmutableList<string> ByAge,
    ImmutableDictionary<string, string> ActNumbers,
    ImmutableHashSet<string> Timed,
    ReferenceState Reference)
{
    /// <summary>Before the first event.</summary>
    public static readonly DecisionsState Empty = new(
        ImmutableDictionary.Create<string, Decision>(StringComparer.Ordinal),
        ImmutableList<string>.Empty,
        ImmutableDictionary.Create<string, string>(StringComparer.OrdinalIgnoreCase),
        ImmutableHashSet.Create<string>(StringComparer.Ordinal),
        ReferenceState.Empty);

    /// <summary>The stream an event belongs to.</summary>
    public static string StreamOf(DecisionsEvent happened) => happened switch
    {
        FileEvent e => StreamOfFile(e.Id),
        MemberStatesImported => "member-states",
        PopulationsImported => "populations",
        LegalBasesImported => "legal-bases",
        OptOutsImported => "opt-outs",
        _ => throw new InvalidOperationException($"No stream for {happened.GetType().Name}."),
    };

    /// <summary>A file's stream.</summary>
    public static string StreamOfFile(string id) => $"decision-{id}";

    /// <summary>The streams of all reference data.</summary>
    public static ImmutableArray<string> ReferenceStreams { get; } = ["member-states", "populations", "legal-bases", "opt-outs"];

    /// <summary>The state after an event.</summary>
    public DecisionsState Evolve(DecisionsEvent happened, in Stamp stamp)
    {
        if (happened is ReferenceEvent reference)
        {
            return this with { Reference = Reference.Evolve(reference) };
        }
        var e = (FileEvent)happened;
        if (e is FileOpened opened)
        {
            return this with { Files = Files.SetItem(opened.Id, Decision.Create(opened, stamp)), ByAge = ByAge.Add(opened.Id) };
        }
        var file = Files[e.Id].Evolve(e, stamp);
        var state = this with { Files = Files.SetItem(e.Id, file) };
        if (e is VoteCast)
        {
            return state;
        }
        return state with
        {
            ActNumbers = e is ActPublished act ? ActNumbers.SetItem(Publishing.NumberOf(act.Number), e.Id) : ActNumbers,
            Timed = DueDates.Next(file) is null ? Timed.Remove(e.Id) : Timed.Add(e.Id),
        };
    }

    /// <summary>The count of a file's votes as they stand, by its rule, on the population table of its day; null where members or table are not on record (any more).</summary>
    /// <param name="file">The file.</param>
    /// <param name="silenceIsFor">True at the end of a silence procedure: who said nothing agrees.</param>
    public Count? CountNow(Decision file, bool silenceIsFor)
    {
        // A later import may have taken a member of that day off the record; then there is nothing to count with.
        if (Reference.ElectorateOn(file.Opened.Date) is not { } electorate || file.Opened.Participants.Any(p => electorate.IndexOf(p) < 0))
        {
            return null;
        }
        var silent = silenceIsFor ? Position.For : Position.Absent;
        var roll = electorate.Everyone(Position.NotParticipating);
        foreach (var member in file.Opened.Participants)
        {
            roll = roll.With(member, file.Votes.TryGetValue(member, out var vote) ? vote.Position : silent);
        }
        // A written procedure knows no presence, so no quorum. At a meeting who is present without a vote counts for the quorum,
        // which the meeting itself has checked before the count.
        var count = Count.Of(Tally.Count(file.Opened.Rule, roll, inWriting: true), Reference.TableOn(file.Opened.Date));
        // The same sentence stands twice in the Treaty: for the Council, and for the European Council.
        return file.Opened.Institution == Institution.EuropeanCouncil && count.Reason == ReasonCode.AbsentUnrepresented ? count with { Article = "TFEU 235(1)" } : count;
    }
}
