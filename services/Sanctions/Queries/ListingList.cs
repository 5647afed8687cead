using System.Text;
using ExternalAction.Sanctions.Domain;
using ExternalAction.Sanctions.Domain.Lists;
using ExternalAction.Sanctions.Domain.Screening.Text;

namespace ExternalAction.Sanctions.Queries;

/// <summary>What a caller asks of the list of listings.</summary>
/// <param name="Regime">Only this regime; empty for every one.</param>
/// <param name="Type">Only this kind of subject.</param>
/// <param name="State">Only this state.</param>
/// <param name="List">Only this list; empty for all.</param>
/// <param name="Words">Words that must all occur in names, numbers, key or act.</param>
/// <param name="PublicOnly">True: only what is or was in force.</param>
internal sealed record ListingFilter(string Regime, SubjectType? Type, ListingState? State, string List, string[] Words, bool PublicOnly)
{
    /// <summary>The filter as text, for its page tokens.</summary>
    public string Fingerprint => $"listings|{Regime}|{Type}|{State}|{List}|{string.Join(' ', Words)}|{PublicOnly}";

    /// <summary>True when the listing belongs in the list.</summary>
    public bool Lets(Listing listing) =>
        (Regime.Length == 0 || listing.Regimes.Contains(Regime))
        && (Type is null || listing.Kept.SubjectType == Type)
        && (State is null || listing.State == State)
        && (List.Length == 0 || listing.List == List)
        && (!PublicOnly || listing.IsPublic)
        && Words.All(word => Occurs(word, listing.Kept));

    private static bool Occurs(string word, KeptEntry entry)
    {
        var folded = CharacterFolding.FoldWords(word);
        foreach (var text in entry.Texts)
        {
            if (text.Contains(word, StringComparison.OrdinalIgnoreCase) || (folded.Length > 0 && !Ascii.IsValid(text) && CharacterFolding.FoldWords(text).Contains(folded, StringComparison.Ordinal)))
            {
                return true;
            }
        }
        foreach (var act in entry.Regulations)
        {
            if (act.NumberTitle.Contains(word, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }
        return entry.Key == word || entry.Reference.Equals(word, StringComparison.OrdinalIgnoreCase) || entry.UnitedNationId.Equals(word, StringComparison.OrdinalIgnoreCase);
    }
}

/// <summary>Which listings there are, newest first, a page at a time.</summary>
internal static class ListingList
{
    /// <summary>One page. A page begins below the given age (the place in the order of first appearance), so newer ones shift nothing.</summary>
    /// <returns>The listings, the age the next page begins below (null on the last page), and how many match in all.</returns>
    public static (List<Listing> Page, long? Next, int Total) Page(SanctionsState state, ListingFilter filter, long? below, int size)
    {
        var page = new List<Listing>(size);
        long? next = null;
        var total = 0;
        var age = state.ByAge.Count;
        foreach (var id in state.ByAge.Reverse())
        {
            age--;
            if (!filter.Lets(state.Listings[id]))
            {
                continue;
            }
            total++;
            if (age >= (below ?? long.MaxValue))
            {
                continue;
            }
            if (page.Count < size)
            {
                page.Add(state.Listings[id]);
            }
            else
            {
                next ??= age + 1;
            }
        }
        return (page, next, total);
    }
}
