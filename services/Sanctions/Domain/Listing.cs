using ExternalAction.Sanctions.Domain.Lists;

namespace ExternalAction.Sanctions.Domain;

/// <summary>How and when the subject was told, and until when it may answer.</summary>
public sealed record Notification(NotificationMethod Method, DateOnly Date, string Reference, DateOnly? ObservationsUntil);

/// <summary>
/// A listing as it stands. One that was proposed here and one that came with a file differ in how they began, not in what
/// they are: both have an entry on a list, and once in force both are screened.
/// </summary>
public sealed record Listing
{
    /// <summary>Its id: <c>eu-{logicalId}</c> or <c>un-{dataId}</c> when imported, else of its own.</summary>
    public required string Id { get; init; }

    /// <summary>The list it stands on: <c>eu</c> or <c>un</c>.</summary>
    public required string List { get; init => field = Pool.Shared.Text(value); }

    /// <summary>Programme code.</summary>
    public required string Regime { get; init => field = Pool.Shared.Text(value); }

    /// <summary>What the list says of the subject. Unpacked at each call; what is looked at in passing is in <see cref="Kept"/>.</summary>
    public required Entry Entry
    {
        get => Kept.Unpack();
        init => Kept = KeptEntry.Of(value);
    }

    /// <summary>The entry as it is kept.</summary>
    public KeptEntry Kept { get; private init; } = null!;

    /// <summary>Reasons, measures, evidence.</summary>
    public required Grounds Grounds { get; init; }

    /// <summary>Where it is in its life.</summary>
    public required ListingState State { get; init; }

    /// <summary>True once a file of the list named it; then a file may also change and remove it.</summary>
    public bool IsOnFile { get; init; }

    /// <summary>
    /// What the file last said, where an act changed the listing since. A file lags the law: while it repeats that, it undoes nothing. Null where
    /// the listing says what the file says.
    /// </summary>
    public KeptEntry? Filed { get; init; }

    /// <summary>The journal position at which it first took effect; 0 if it never did.</summary>
    public long EnteredAt { get; init; }

    /// <summary>The proposing member state; null for the High Representative, or when imported.</summary>
    public string? ProposedBy { get; init; }

    /// <summary>True when it was proposed here.</summary>
    public bool IsProposal { get; init; }

    /// <summary>The decision that carries it.</summary>
    public string? DecisionId { get; init; }

    /// <summary>The act that published it, when one of this suite did.</summary>
    public Act? Act { get; init; }

    /// <summary>The last day the act applies, where it says one.</summary>
    public DateOnly? ExpiryDate { get; init; }

    /// <summary>The decision that prolonged it last; null when none did.</summary>
    public string? RenewedBy { get; init; }

    /// <summary>Every time the subject was told, in the order of recording: a letter and a notice may both be needed, and a second one does not undo the first.</summary>
    public Sequence<Notification> Notifications { get; init; }

    /// <summary>Observations received.</summary>
    public Sequence<ObservationsReceived> Observations { get; init; }

    /// <summary>Reviews held.</summary>
    public Sequence<ListingReviewed> Reviews { get; init; }

    /// <summary>Derogations and exemptions.</summary>
    public Sequence<DerogationRecorded> Derogations { get; init; }

    /// <summary>Why it ended.</summary>
    public ListingDelisted? Delisting { get; init; }

    /// <summary>Journal position of the last change of its names; exclusions of cleared hits are scoped to it.</summary>
    public long NamesPosition { get; init; }

    /// <summary>Its first and its last row.</summary>
    public Stamp Created { get; init; }

    /// <summary>Its last row.</summary>
    public Stamp Updated { get; init; }

    /// <summary>Every regime it stands under, each once: a few subjects are listed under two.</summary>
    public IEnumerable<string> Regimes => Kept.Regulations.Select(act => act.Programme).Append(Regime).Where(code => code.Length > 0).Distinct();

    /// <summary>True while its measures apply: then it is screened and exported.</summary>
    public bool IsInForce => State == ListingState.InForce;

    /// <summary>True when assets are frozen or funds withheld. A consolidated list names nobody else: a bank acts on every name in it.</summary>
    public bool FreezesAssets => Grounds.Measures.Any(m => m is Measure.AssetFreeze or Measure.FundsProhibition);

    /// <summary>True when the public may know of it: it is, or was, in force.</summary>
    public bool IsPublic => State is not (ListingState.Proposed or ListingState.Adopted or ListingState.NotAdopted);

    /// <summary>The first strong name, else the first.</summary>
    public string Caption => Kept.Caption;

    /// <summary>True while the subject of a listing decided here has not been told of it (Charter 41).</summary>
    public bool IsNotificationDue => IsInForce && IsProposal && Notifications.IsEmpty;

    /// <summary>The earliest day the list gives for the subject: its designation, or a publication or entry into force of an act that lists it; null when it gives none.</summary>
    public DateOnly? FirstDay => Kept.Regulations.SelectMany(act => new[] { act.PublicationDate, act.EntryIntoForceDate }).Append(Kept.DesignationDate).Min();

    /// <summary>When the next periodic review is due: twelve months after the last one, or after the listing took effect (domain rule, to be verified against each act).</summary>
    public DateOnly? NextReviewDue => !IsInForce ? null
        : Observations.Count > 0 && (Reviews.Count == 0 || Reviews[^1].Date < Observations[^1].ReceivedOn) ? Observations[^1].ReceivedOn
        : Reviews.Count > 0 ? Reviews[^1].Date.AddMonths(12)
        : Act?.EffectDate.AddMonths(12);

    /// <summary>The listing after an event.</summary>
    public Listing Evolve(ListingEvent happened, in Stamp stamp)
    {
        var after = happened switch
        {
            ListingLinked e => this with { DecisionId = e.DecisionId },
            ListingAdopted e => this with { DecisionId = e.DecisionId, State = ListingState.Adopted },
            ListingNotAdopted => this with { State = ListingState.NotAdopted },
            ListingPublished e => this with
            {
                Act = e.Act,
                ExpiryDate = e.ExpiryDate,
                DecisionId = e.Act.DecisionId ?? DecisionId,
                Entry = Entry with { DesignationDate = Entry.DesignationDate ?? e.Act.EffectDate, Regulations = [.. Entry.Regulations, AsRegulation(e.Act)] },
                State = e.InForce ? ListingState.InForce : ListingState.Published,
            },
            ListingEnteredIntoForce => this with { State = ListingState.InForce },
            ListingRenewed e => this with { ExpiryDate = e.ExpiryDate, RenewedBy = e.By },
            ListingLapsed => this with { State = ListingState.Lapsed },
            ListingAmended e => this with { Entry = e.Act is null ? e.Entry : e.Entry with { Regulations = [.. e.Entry.Regulations, AsRegulation(e.Act)] }, Grounds = e.Grounds, Filed = IsOnFile ? Filed ?? Kept : null },
            ListingNotified e => this with { Notifications = [.. Notifications, new Notification(e.Method, e.Date, e.Reference, e.ObservationsUntil)] },
            EvidenceChanged e => this with { Grounds = Grounds with { Evidence = e.Evidence } },
            ObservationsReceived e => this with { Observations = [.. Observations, e] },
            ListingReviewed e => this with { Reviews = [.. Reviews, e] },
            DerogationRecorded e => this with { Derogations = [.. Derogations, e] },
            ListingDelisted e => this with { Delisting = e, State = e.Reason == DelistingReason.Annulment ? ListingState.Annulled : ListingState.Delisted },
            EntryAdded e => this with { Entry = e.Entry, Regime = e.Regime, State = ListingState.InForce, IsOnFile = true, Filed = null, Delisting = null },
            EntryAmended e => this with { Entry = e.Entry, Regime = e.Regime, IsOnFile = true, Filed = null },
            EntryRemoved e => this with
            {
                State = ListingState.Delisted,
                Delisting = new ListingDelisted(Id, DelistingReason.RemovedFromList, "", DateOnly.FromDateTime(stamp.OccurredAt.UtcDateTime), "A later file of the list does not name it any more."),
            },
            _ => throw new InvalidOperationException($"{happened.GetType().Name} happens to no listing."),
        };
        return after with { Updated = stamp, EnteredAt = EnteredAt == 0 && after.IsInForce ? stamp.Position : EnteredAt, NamesPosition = ReferenceEquals(after.Kept, Kept) || after.Entry.Names == Entry.Names ? NamesPosition : stamp.Position };
    }

    private Regulation AsRegulation(Act act) => new()
    {
        Type = act.Number.StartsWith("(CFSP)", StringComparison.Ordinal) ? "decision" : "regulation",
        OrganisationType = "council",
        PublicationDate = act.PublicationDate,
        EntryIntoForceDate = act.EffectDate,
        NumberTitle = act.OjReference.Length > 0 ? $"{act.Number} ({act.OjReference})" : act.Number,
        Programme = Regime,
        PublicationUrl = act.Url,
    };
}
