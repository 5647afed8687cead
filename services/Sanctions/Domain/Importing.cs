using System.Collections.Immutable;
using ExternalAction.Sanctions.Domain.Lists;

namespace ExternalAction.Sanctions.Domain;

/// <summary>A subject told otherwise by a file.</summary>
public sealed record AmendedEntry(string ListingId, Entry Entry, Sequence<string> Changed);

/// <summary>What a file changes of a list, as compared with it at a version.</summary>
/// <param name="List">The list.</param>
/// <param name="Version">The list's position when it was compared.</param>
/// <param name="Added">Subjects that are not on it.</param>
/// <param name="Amended">Subjects it tells otherwise.</param>
/// <param name="Removed">Ids of listings the file no longer names.</param>
/// <param name="Header">What will be recorded of the import.</param>
/// <param name="Force">True: removals and an older file are meant.</param>
public sealed record ImportList(
    string List, long Version, ImmutableArray<Entry> Added, ImmutableArray<AmendedEntry> Amended, ImmutableArray<string> Removed, ListImported Header, bool Force);

/// <summary>
/// A file becomes part of the list: everything in one transaction, with the header as its last row, or nothing. What does not fit in
/// one is written by <see cref="Staging"/>. What the file says of a subject counts; a listing decided here that no file has named yet
/// is never removed by one.
/// </summary>
public static class Importing
{
    /// <summary>Most rows of one transaction.</summary>
    public const int RowsMax = 10_000;

    /// <summary>Most days between the publication of a decision and that of the regulation that gives it effect.</summary>
    private const int DaysBetweenActs = 3;

    /// <summary>Whether all of it, header included, fits in one transaction; else <see cref="Staging"/> writes it.</summary>
    public static bool FitsAtOnce(ImportList import) => RowsOf(import) < RowsMax;

    /// <summary>How many subjects it changes.</summary>
    public static int RowsOf(ImportList import) => import.Added.Length + import.Amended.Length + import.Removed.Length;

    /// <summary>What an imported listing brings: the EU's and the UN's consolidated lists are lists of frozen assets.</summary>
    public static Grounds Grounds { get; } = new("", [Measure.AssetFreeze, Measure.FundsProhibition], []);

    /// <summary>Imports what fits in one transaction. A file that changes nothing and is known leaves no row.</summary>
    public static Verdict Import(SanctionsState state, ImportList import) =>
        Refused(state, import) is { } refusal ? refusal
        : RowsOf(import) == 0 && state.Lists[import.List].Import?.FileHash == import.Header.FileHash ? Verdict.Nothing
        : Verdict.Of([.. Rows(state, import), import.Header]);

    /// <summary>
    /// What an import must be, or why it is refused. 1. The list is still the one the file was compared with. 2. The file is not older
    /// than the last one. 3. It removes no more than a tenth of the list.
    /// </summary>
    internal static Refusal? Refused(SanctionsState state, ImportList import)
    {
        // 1.
        var list = state.Lists[import.List];
        if (list.Position != import.Version)
        {
            return new Refusal(RefusalCode.ImportInProgress, $"The list {import.List} changed while the file was compared with it; repeat the import.");
        }

        // 2.
        if (!import.Force && list.Import is { } last && IsOlder(import.Header, last))
        {
            return new Refusal(
                RefusalCode.OlderList, $"The file was generated at {import.Header.GeneratedAt:u}, the list rests on one of {last.GeneratedAt:u}. force=true imports it all the same.", "file");
        }

        // 3.
        var onFile = state.Listings.Values.Count(l => l.IsInForce && l.IsOnFile && l.List == import.List);
        if (!import.Force && import.Removed.Length * 10L > onFile)
        {
            return new Refusal(
                RefusalCode.TooManyRemovals, $"The file no longer names {import.Removed.Length} of {onFile} subjects, more than a tenth. force=true confirms it.", "force");
        }

        return null;
    }

    /// <summary>What happens to each subject, in the order of the file's comparison.</summary>
    internal static IEnumerable<ListingEvent> Rows(SanctionsState state, ImportList import) =>
        import.Added.Select(ListingEvent (e) => new EntryAdded(state.IdOf(import.List, e.Key), import.List, RegimeOf(e), e))
            .Concat(import.Amended.Select(a => new EntryAmended(a.ListingId, import.List, RegimeOf(a.Entry), a.Entry, a.Changed)))
            .Concat(import.Removed.Select(id => new EntryRemoved(id, import.List)));

    /// <summary>
    /// The listing decided here that an entry of a file is: the same reference number, or one of the same regime with which it shares a strong
    /// name, and whose act the file names, or the regulation beside it (the file cites regulations, TFEU 215, and never the decision, TEU 29;
    /// both are published within days of each other). Null when the entry is new.
    /// </summary>
    public static Listing? Ours(IEnumerable<Listing> ours, Entry entry)
    {
        foreach (var listing in ours)
        {
            if (entry.EuReferenceNumber is { Length: > 0 } number && number == listing.Kept.EuReferenceNumber)
            {
                return listing;
            }
            if (listing.Act is { } act && entry.SubjectType == listing.Kept.SubjectType && entry.Programmes.Contains(listing.Regime)
                && entry.Regulations.Any(r => Names(r.NumberTitle, Bare(act.Number)) || Math.Abs(r.PublicationDate?.DayNumber - act.PublicationDate.DayNumber ?? int.MaxValue) <= DaysBetweenActs)
                && entry.Names.Any(n => !n.IsWeak && listing.Entry.Names.Any(own => !own.IsWeak && string.Equals(own.Text, n.Text, StringComparison.OrdinalIgnoreCase))))
            {
                return listing;
            }
        }
        return null;
    }

    /// <summary>
    /// What an entry of a file says of a listing that a file named before: what stands here, while the file only repeats what it said before an act
    /// changed the listing; else its own words.
    /// </summary>
    public static Entry Said(Listing onFile, Entry entry) => onFile.Filed is { } filed && Canonical.VersionOf(entry) == Canonical.VersionOf(filed.Unpack()) ? onFile.Entry : entry;

    /// <summary>Whether a listing was ended by an act or a judgment recorded here, and not because a file stopped naming it.</summary>
    public static bool IsEndedHere(Listing listing) =>
        listing.State is ListingState.Delisted or ListingState.Annulled or ListingState.Lapsed && listing.Delisting?.Reason != DelistingReason.RemovedFromList;

    /// <summary>
    /// Whether an entry of a file only repeats a listing that was ended here: the same subject, and every act the entry names
    /// stood in the listing already. A new act lists anew.
    /// </summary>
    public static bool IsStale(Listing ended, Entry entry) =>
        (ended.Kept.Key == entry.Key || Ours([ended], entry) is not null)
        && entry.Regulations.All(r => ended.Kept.Regulations.Any(known => known.NumberTitle == r.NumberTitle || (ended.Act is { } act && Names(r.NumberTitle, Bare(act.Number)))));

    private static bool IsOlder(ListImported file, ListImported last) => file.DayOnly || last.DayOnly
        ? DateOnly.FromDateTime(file.GeneratedAt.DateTime) < DateOnly.FromDateTime(last.GeneratedAt.DateTime)
        : file.GeneratedAt < last.GeneratedAt;

    private static string RegimeOf(Entry entry) => entry.Programmes.FirstOrDefault() ?? "";

    /// <summary>Whether a title names an act: 2026/69 does not stand in 2026/696.</summary>
    private static bool Names(string title, string number)
    {
        var at = title.IndexOf(number, StringComparison.Ordinal);
        return at >= 0 && (at == 0 || !char.IsAsciiDigit(title[at - 1])) && (at + number.Length == title.Length || !char.IsAsciiDigit(title[at + number.Length]));
    }

    /// <summary>An act's number without the bracket before it: (CFSP) 2026/696 is 2026/696 on the list.</summary>
    private static string Bare(string number) => number[(number.IndexOf(')', StringComparison.Ordinal) + 1)..].Trim();
}
