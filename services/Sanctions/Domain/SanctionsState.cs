using System.Collections.Immutable;
using ExternalAction.Sanctions.Domain.Lists;

namespace ExternalAction.Sanctions.Domain;

/// <summary>A list and the file it rests on.</summary>
/// <param name="Import">The last import; null before the first.</param>
/// <param name="Imported">Its row in the journal.</param>
/// <param name="Position">Journal position of the last change of what the list says.</param>
/// <param name="Staged">An import of several transactions on its way; a list that changes otherwise drops it.</param>
public sealed record ListState(ListImported? Import, Stamp Imported, long Position, StagedImport? Staged = null);

/// <summary>
/// Everything the service knows now: listings, lists, regimes, alerts, what clients left here, and the indexes that rules across listings need.
/// Immutable; folded from the journal, event by event.
/// </summary>
public sealed record SanctionsState(
    ImmutableDictionary<string, Listing> Listings,
    ImmutableList<string> ByAge,
    ImmutableDictionary<string, string> Merged,
    ImmutableDictionary<string, ImmutableList<string>> ByDecision,
    ImmutableHashSet<string> Timed,
    int Proposals,
    ImmutableDictionary<string, ListState> Lists,
    ImmutableSortedDictionary<string, Regime> Regimes,
    ImmutableList<Alert> Alerts,
    StoredSubjects Subjects,
    RecordedExclusions Exclusions)
{
    /// <summary>Decisions whose vote has ended, one way or the other, as far as this service heard of them.</summary>
    public ImmutableHashSet<string> EndedVotes { get; init; } = ImmutableHashSet.Create<string>(StringComparer.Ordinal);

    /// <summary>The EU consolidated list, on which our own listings stand too.</summary>
    public const string Eu = "eu";

    /// <summary>The stream of seals and ends of screening records.</summary>
    public const string ScreeningsStream = "screenings";

    /// <summary>The UN Security Council consolidated list.</summary>
    public const string Un = "un";

    /// <summary>Before the first event.</summary>
    public static readonly SanctionsState Empty = new(
        ImmutableDictionary.Create<string, Listing>(StringComparer.Ordinal),
        [],
        ImmutableDictionary.Create<string, string>(StringComparer.Ordinal),
        ImmutableDictionary.Create<string, ImmutableList<string>>(StringComparer.Ordinal),
        ImmutableHashSet.Create<string>(StringComparer.Ordinal),
        0,
        ImmutableDictionary.Create<string, ListState>(StringComparer.Ordinal).Add(Eu, new(null, default, 0)).Add(Un, new(null, default, 0)),
        ImmutableSortedDictionary.Create<string, Regime>(StringComparer.Ordinal),
        [],
        StoredSubjects.None,
        RecordedExclusions.None);

    /// <summary>The stream an event belongs to.</summary>
    public static string StreamOf(SanctionsEvent happened) => happened switch
    {
        ListingEvent e => StreamOfListing(e.Id),
        EntryStaged e => StreamOfListing(e.Staged().Id),
        ImportCompleted e => StreamOfImports(e.List),
        ImportAbandoned e => StreamOfList(e.List),
        VoteEnded e => $"decision-{e.DecisionId}",
        ListImported e => StreamOfList(e.List),
        SubjectsRescreened e => StreamOfList(e.List),
        SubjectEvent e => $"subject-{e.Id}",
        ExclusionEvent e => $"exclusion-{e.Id}",
        RegimesImported or RegimeRenewed or ExpiryApproached => "regimes",
        ScreeningsSealed or ScreeningsExpired => ScreeningsStream,
        _ => throw new InvalidOperationException($"No stream for {happened.GetType().Name}."),
    };

    /// <summary>A list's stream: its imports, and how far the stored subjects were compared with it.</summary>
    public static string StreamOfList(string list) => $"list-{list}";

    /// <summary>A listing's stream.</summary>
    public static string StreamOfListing(string id) => $"listing-{id}";

    /// <summary>The stream of a list's completed imports of several transactions.</summary>
    public static string StreamOfImports(string list) => $"imports-{list}";

    /// <summary>These streams of all lists.</summary>
    public static IReadOnlyList<string> StreamsOfImports { get; } = [StreamOfImports(Eu), StreamOfImports(Un)];

    /// <summary>The id of the listing that a list's entry is: its own, or the one that was here before the file.</summary>
    public string IdOf(string list, string key) => Merged.GetValueOrDefault(IdFor(list, key), IdFor(list, key));

    /// <summary>The version of what a list says: it names the position it was last changed at.</summary>
    public string VersionOf(string list) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{list}-{Lists[list].Position}");

    /// <summary>
    /// When the file was made on which a list rests unchanged; null when it rests on none, or what the list says changed since. An export of it is as
    /// old as that file: imported again, it does not stand in the way of a later one.
    /// </summary>
    public DateTimeOffset? FileDate(string list) => Lists[list] is { Import: { } file } known && known.Position <= known.Imported.Position ? file.GeneratedAt : null;

    /// <summary>Listings of a list whose measures apply.</summary>
    public IEnumerable<Listing> InForce(string list) => Listings.Values.Where(l => l.IsInForce && l.List == list);

    /// <summary>Whether an alert was raised.</summary>
    public bool WasRaised(string regime, DateOnly expiry, int threshold) => Alerts.Exists(a => a.Regime == regime && a.ExpiryDate == expiry && a.DaysBefore == threshold);

    /// <summary>The state after an event.</summary>
    public SanctionsState Evolve(SanctionsEvent happened, Stamp stamp) => happened switch
    {
        ListingEvent e => Evolve(e, stamp),
        ListImported e => this with { Lists = Lists.SetItem(e.List, Lists[e.List] with { Import = e, Imported = stamp, Staged = null }) },
        EntryStaged e => this with { Lists = Lists.SetItem(e.List, Lists[e.List] with { Staged = StagedImport.With(Lists[e.List].Staged, e, stamp) }) },
        ImportCompleted e => Complete(e, stamp),
        ImportAbandoned e when Lists[e.List].Staged?.Import == e.Import => this with { Lists = Lists.SetItem(e.List, Lists[e.List] with { Staged = null }) },
        VoteEnded e => this with { EndedVotes = EndedVotes.Add(e.DecisionId) },
        RegimesImported e => this with
        {
            Regimes = Regimes.SetItems(e.Records.Select(r => KeyValuePair.Create(r.Code, new Regime(r, r.ExpiryDate, null, null, stamp.Position)))),
        },
        RegimeRenewed e when Regimes.TryGetValue(e.Code, out var regime) => this with
        {
            Regimes = Regimes.SetItem(e.Code, regime with { ExpiryDate = e.ExpiryDate, RenewedBy = e.DecisionId, RenewedByAct = e.Act, Position = stamp.Position }),
        },
        ExpiryApproached e => this with { Alerts = Alerts.Add(new Alert(e.Code, e.ExpiryDate, e.DaysBefore, stamp.RecordedAt, stamp.Position)) },
        SubjectEvent or SubjectsRescreened => this with { Subjects = Subjects.Evolve(happened, stamp) },
        ExclusionEvent e => this with { Exclusions = Exclusions.Evolve(e, stamp) },
        _ => this,
    };

    private SanctionsState Evolve(ListingEvent e, in Stamp stamp)
    {
        var known = Listings.GetValueOrDefault(e.Id);
        var after = known?.Evolve(e, stamp) ?? Create(e, stamp);
        var state = this with
        {
            Listings = Listings.SetItem(e.Id, after),
            ByAge = known is null ? ByAge.Add(e.Id) : ByAge,
            Timed = after.State == ListingState.Published ? Timed.Add(e.Id) : Timed.Remove(e.Id),
        };
        if (known is null && e is ListingProposed)
        {
            state = state with { Proposals = Proposals + 1 };
        }
        // A file's entry and the listing that was here before it are one from then on.
        if (e is EntryAdded or EntryAmended && IdFor(after.List, after.Kept.Key) != e.Id)
        {
            state = state with { Merged = Merged.SetItem(IdFor(after.List, after.Kept.Key), e.Id) };
        }
        if (after.DecisionId is { } decision && after.DecisionId != known?.DecisionId)
        {
            state = state with { ByDecision = ByDecision.SetItem(decision, ByDecision.GetValueOrDefault(decision, []).Add(e.Id)) };
        }
        if (after.IsInForce != known is { IsInForce: true } || (after.IsInForce && (!after.Kept.Equals(known!.Kept) || after.Regime != known.Regime || after.Grounds with { Evidence = known.Grounds.Evidence } != known.Grounds)))
        {
            state = state with { Lists = Lists.SetItem(after.List, Lists[after.List] with { Position = stamp.Position, Staged = null }) };
        }
        return state;
    }

    /// <summary>What was staged happens, all of it at this row. Rows staged by another import never do.</summary>
    private SanctionsState Complete(ImportCompleted e, in Stamp stamp)
    {
        var state = this;
        if (Lists[e.List].Staged is { } staged && staged.Import == e.Import)
        {
            foreach (var row in staged.Rows)
            {
                state = state.Evolve(row.Staged(), stamp);
            }
        }
        return state with { Lists = state.Lists.SetItem(e.List, state.Lists[e.List] with { Staged = null }) };
    }

    private static Listing Create(ListingEvent e, in Stamp stamp) => e switch
    {
        ListingProposed p => new Listing
        {
            Id = p.Id,
            List = Eu,
            Regime = p.Regime,
            Entry = p.Entry,
            Grounds = p.Grounds,
            State = ListingState.Proposed,
            ProposedBy = p.ProposedBy,
            IsProposal = true,
            DecisionId = p.DecisionId,
            Created = stamp,
            Updated = stamp,
            NamesPosition = stamp.Position,
        },
        EntryAdded a => new Listing
        {
            Id = a.Id,
            List = a.List,
            Regime = a.Regime,
            Entry = a.Entry,
            Grounds = Importing.Grounds,
            State = ListingState.InForce,
            IsOnFile = true,
            EnteredAt = stamp.Position,
            Created = stamp,
            Updated = stamp,
            NamesPosition = stamp.Position,
        },
        _ => throw new InvalidOperationException($"Nothing is known of listing {e.Id}, and {e.GetType().Name} begins none."),
    };

    private static string IdFor(string list, string key) => $"{list}-{key}";
}
