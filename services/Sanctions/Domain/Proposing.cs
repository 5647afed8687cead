using System.Collections.Immutable;
using System.Globalization;
using ExternalAction.Sanctions.Domain.Lists;

namespace ExternalAction.Sanctions.Domain;

/// <summary>Who acts, as far as the rules ask: which roles, and for which member state.</summary>
public sealed record Actor(ImmutableArray<string> Roles, string? MemberState)
{
    /// <summary>Whether the actor has a role.</summary>
    public bool Is(string role) => Roles.Contains(role);
}

/// <summary>What people say of a subject. In an amendment, what is left empty stays as it is.</summary>
public sealed record Content(
    Sequence<Name> Names, Sequence<BirthDate> BirthDates, Sequence<Citizenship> Citizenships, Sequence<Address> Addresses, Sequence<Identification> Identifications,
    Sequence<string> Remarks, string StatementOfReasons, Sequence<Measure> Measures, Sequence<string> Evidence);

/// <summary>Propose a listing.</summary>
public sealed record ProposeListing(string Id, string Regime, SubjectType Type, Content Content, string? ProposedBy, string? DecisionId);

/// <summary>Change what a listing says; what <paramref name="Clear"/> names is emptied.</summary>
public sealed record AmendListing(string Id, Content Content, string EuReferenceNumber, Act? Act, Sequence<ContentPart> Clear = default);

/// <summary>
/// What a listing says, from its proposal on. The Council decides on a proposal by a member state or the High
/// Representative; each entry has its own statement of reasons (TFEU 296).
/// </summary>
public static class Proposing
{
    /// <summary>Numbers of our own entries begin here, far from those of the EU's files, until a file gives its own.</summary>
    private const int FirstOwnKey = 900_000_001;

    /// <summary>Proposes a listing. 1. The proposer may. 2. The regime is on record, the decision still open. 3. The content can stand on a list.</summary>
    public static Verdict Propose(SanctionsState state, ProposeListing command, Actor actor, Moment moment)
    {
        if (state.Listings.ContainsKey(command.Id))
        {
            return Verdict.Nothing;
        }

        // 1. Proposer.
        var proposer = command.ProposedBy;
        if (!actor.Is("sanctions-officer"))
        {
            var own = actor.Is("high-representative") ? HighRepresentative : actor.MemberState;
            proposer ??= own;
            if (proposer is null || proposer != own)
            {
                return new Refusal(
                    RefusalCode.NotYourMemberState, $"A delegation proposes as its own member state, the High Representative as such ({own ?? "none is in the token"}), not as {proposer ?? "nobody"}.", "proposedBy");
            }
        }
        if (proposer == HighRepresentative)
        {
            proposer = null;
        }

        // 2. Regime and decision. Of votes that were not opened yet nothing is known here: such a decision is taken on trust.
        if (!state.Regimes.ContainsKey(command.Regime))
        {
            return new Refusal(RefusalCode.UnknownRegime, $"'{command.Regime}' is no regime on record; GET /v1/regimes lists them.", "regime");
        }

        if (command.DecisionId is { } decision && state.EndedVotes.Contains(decision))
        {
            return new Refusal(
                RefusalCode.DecisionClosed, $"The vote on decision {decision} has ended, so it cannot carry this listing. Name one that is still open, or let a decision link to the listing.", "decisionId");
        }

        // 3. Content.
        var entry = Said(
            new Entry { Key = (FirstOwnKey + state.Proposals).ToString(CultureInfo.InvariantCulture), SubjectType = command.Type }, command.Content);
        var grounds = new Grounds(command.Content.StatementOfReasons, command.Content.Measures.IsEmpty ? Usual : command.Content.Measures, command.Content.Evidence);
        return (NameFault(entry) ?? ReasonsFault(grounds) ?? MeasureFault(grounds.Measures, entry.SubjectType) ?? BirthFault(entry.BirthDates, moment)) is { } refusal
            ? refusal
            : new ListingProposed(command.Id, command.Regime, entry, grounds, proposer, command.DecisionId);
    }

    /// <summary>Changes what a listing says: a proposal freely, one in force under an act. What says nothing new changes nothing.</summary>
    public static Verdict Amend(SanctionsState state, AmendListing command, Moment moment)
    {
        if (!state.Listings.TryGetValue(command.Id, out var listing))
        {
            return Living.NotFound(command.Id);
        }
        if (listing.State is not (ListingState.Proposed or ListingState.InForce))
        {
            return Living.WrongState(listing, "A proposal is amended, or a listing in force.");
        }
        var entry = Said(Emptied(listing.Entry, command.Clear), command.Content);
        if (command.EuReferenceNumber.Length > 0)
        {
            if (NumberFault(state, listing, command.EuReferenceNumber) is { } taken)
            {
                return taken;
            }
            entry = entry with { EuReferenceNumber = command.EuReferenceNumber };
        }
        var grounds = new Grounds(
            command.Content.StatementOfReasons.Length > 0 ? command.Content.StatementOfReasons : listing.Grounds.StatementOfReasons,
            command.Content.Measures.IsEmpty ? listing.Grounds.Measures : command.Content.Measures,
            command.Content.Evidence.IsEmpty && !command.Clear.Contains(ContentPart.Evidence) ? listing.Grounds.Evidence : command.Content.Evidence);
        if (entry == listing.Entry && grounds == listing.Grounds)
        {
            return Verdict.Nothing;
        }
        if (entry == listing.Entry && grounds with { Evidence = listing.Grounds.Evidence } == listing.Grounds)
        {
            return new EvidenceChanged(command.Id, grounds.Evidence);
        }
        // The evidence and the reference number are the secretariat's own notes; everything else is law once it is in force.
        var isLaw = entry with { EuReferenceNumber = null } != listing.Entry with { EuReferenceNumber = null } || grounds with { Evidence = listing.Grounds.Evidence } != listing.Grounds;
        if (listing.IsInForce && isLaw && command.Act is null)
        {
            return new Refusal(RefusalCode.ActRequired, "A listing in force is amended by an act: name its number and dates.", "act", "TEU 29, TFEU 215");
        }
        if (command.Act is { } act && act.EffectDate > Days.Of(moment.Now))
        {
            return new Refusal(RefusalCode.InvalidDates, $"The act takes effect on {act.EffectDate:yyyy-MM-dd}; record the amendment when it does.", "act.effectDate");
        }
        if (command.Act is { } published && published.PublicationDate > Days.Of(moment.Now))
        {
            return new Refusal(RefusalCode.InvalidDates, $"The act is published on {published.PublicationDate:yyyy-MM-dd}; record the amendment when it is.", "act.publicationDate");
        }
        // A file states no reasons, and what it says besides is not judged here; what people write is.
        return (NameFault(entry) ?? (listing.IsProposal ? ReasonsFault(grounds) : null) ?? MeasureFault(command.Content.Measures, entry.SubjectType)
            ?? BirthFault(command.Content.BirthDates, moment)) is { } refusal
            ? refusal
            : new ListingAmended(command.Id, entry, grounds, isLaw ? command.Act : null);
    }

    /// <summary>Who proposes when no member state does.</summary>
    public const string HighRepresentative = "HIGH_REPRESENTATIVE";

    private static Sequence<Measure> Usual { get; } = [Measure.AssetFreeze, Measure.FundsProhibition];

    /// <summary>A number belongs to one subject: no other listing that stands, or may come to stand, has it.</summary>
    private static Refusal? NumberFault(SanctionsState state, Listing listing, string number) =>
        state.Listings.Values.FirstOrDefault(l => l.Id != listing.Id && l.State is (ListingState.Proposed or ListingState.Adopted or ListingState.Published or ListingState.InForce)
            && string.Equals(l.Kept.EuReferenceNumber, number, StringComparison.OrdinalIgnoreCase)) is { } other
            ? new Refusal(RefusalCode.ReferenceNumberTaken, $"{number} is the number of the listing {other.Id}, {other.Caption}.", "euReferenceNumber")
            : null;

    private static Entry Emptied(Entry entry, Sequence<ContentPart> parts) => parts.Aggregate(entry, (e, part) => part switch
    {
        ContentPart.BirthDates => e with { BirthDates = [] },
        ContentPart.Citizenships => e with { Citizenships = [] },
        ContentPart.Addresses => e with { Addresses = [] },
        ContentPart.Identifications => e with { Identifications = [] },
        ContentPart.Remarks => e with { Remarks = [] },
        _ => e,
    });

    private static Entry Said(Entry entry, Content content) => entry with
    {
        Names = Said(entry.Names, content.Names),
        BirthDates = Said(entry.BirthDates, content.BirthDates),
        Citizenships = Said(entry.Citizenships, content.Citizenships),
        Addresses = Said(entry.Addresses, content.Addresses),
        Identifications = Said(entry.Identifications, content.Identifications),
        Remarks = content.Remarks.IsEmpty ? entry.Remarks : content.Remarks,
    };

    /// <summary>What is said anew; a part that was there and says the same keeps its number, its act and whatever else a file knows of it.</summary>
    private static Sequence<T> Said<T>(Sequence<T> before, Sequence<T> now)
        where T : EntryPart
        => now.IsEmpty ? before : now.Select(part => before.FirstOrDefault(known => Words(known) == Words(part)) ?? part).ToSequence();

    private static string Words(EntryPart part) => string.Join('\n', FsfAttributes.Of(part)
        .Where(field => field.Name is not ("regulationLanguage" or "logicalId" or "countryDescription" or "identificationTypeDescription") && field.Value is { Length: > 0 })
        .Select(field => $"{field.Name}={field.Value}").Concat(part.Remarks).Concat(part is Address { Contacts: var contacts } ? contacts.Select(c => $"{c.Key}: {c.Value}") : []));

    private static Refusal? ReasonsFault(Grounds grounds) => grounds.StatementOfReasons.Length > 0
        ? null
        : new Refusal(RefusalCode.StatementOfReasonsRequired, "A listing states its reasons: individual, specific and concrete.", "content.statementOfReasons", "TFEU 296");

    private static Refusal? MeasureFault(Sequence<Measure> measures, SubjectType type)
    {
        foreach (var measure in measures)
        {
            if (!Applies(measure, type))
            {
                return new Refusal(RefusalCode.MeasureNotApplicable, $"{measure} does not apply to a subject of type {type}.", "content.measures");
            }
        }
        return null;
    }

    private static Refusal? BirthFault(Sequence<BirthDate> births, Moment moment)
    {
        var today = Days.Of(moment.Now);
        for (var i = 0; i < births.Count; i++)
        {
            var birth = births[i];
            if (birth.Date > today || (birth.Calendar == BirthCalendar.Gregorian && (birth.Year > today.Year || birth.YearFrom > today.Year || birth.YearTo > today.Year)))
            {
                return new Refusal(RefusalCode.InvalidDates, "A birth date lies in the future.", $"content.birthDates[{i}]");
            }
            if (birth is { Calendar: BirthCalendar.Gregorian, Date: { } date } && (birth.Year ?? date.Year, birth.Month ?? date.Month, birth.Day ?? date.Day) != (date.Year, date.Month, date.Day))
            {
                return new Refusal(RefusalCode.InvalidDates, $"Year, month and day say something else than the date {date:yyyy-MM-dd}.", $"content.birthDates[{i}].date");
            }
            // Without a year the day may be one of a leap year.
            if (birth is { Calendar: BirthCalendar.Gregorian, Month: { } month, Day: { } day } && day > DateTime.DaysInMonth(birth.Year ?? 2000, month))
            {
                return new Refusal(RefusalCode.InvalidDates, $"Month {month} of {birth.Year?.ToString(CultureInfo.InvariantCulture) ?? "any year"} has no day {day}.", $"content.birthDates[{i}].day");
            }
            if (birth.YearFrom > birth.YearTo)
            {
                return new Refusal(RefusalCode.InvalidDates, $"The range {birth.YearFrom} to {birth.YearTo} ends before it begins.", $"content.birthDates[{i}].yearTo");
            }
        }
        return null;
    }

    private static Refusal? NameFault(Entry entry) => entry.Names.Any(n => !n.IsWeak && n.Text.Length > 0)
        ? null
        : new Refusal(RefusalCode.NameRequired, "A listing needs at least one name that is not a weak alias.", "content.names");

    private static bool Applies(Measure measure, SubjectType type) => measure switch
    {
        Measure.TravelBan => type == SubjectType.Person,
        Measure.VesselBan => type == SubjectType.Vessel,
        Measure.AircraftBan => type == SubjectType.Aircraft,
        _ => true,
    };
}
