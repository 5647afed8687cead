using ExternalAction.Decisions.Domain;

namespace ExternalAction.Decisions.Queries;

/// <summary>What a caller asks of the list of files.</summary>
/// <param name="State">Only this state; null for every one.</param>
/// <param name="Procedure">Only this procedure; null for every one.</param>
/// <param name="Words">Words that must all occur in title, document number, act number or legal basis.</param>
/// <param name="AdoptedOnly">True for readers: adopted and later files only.</param>
internal sealed record FileFilter(FileState? State, Procedure? Procedure, string[] Words, bool AdoptedOnly)
{
    /// <summary>The filter as text, for its page tokens.</summary>
    public string Fingerprint => $"files|{State}|{Procedure}|{string.Join(' ', Words)}|{AdoptedOnly}";

    /// <summary>True when the file belongs in the list.</summary>
    public bool Lets(Decision file) =>
        (State is null || file.State == State)
        && (Procedure is null || file.Opened.Procedure == Procedure)
        && (!AdoptedOnly || file.WasAdopted)
        && Words.All(w => Occurs(w, file.Opened.Title) || Occurs(w, file.Opened.DocumentNumber) || Occurs(w, file.Opened.LegalBasis) || (file.Act is { } act && Occurs(w, act.Number)));

    private static bool Occurs(string word, string text) => text.Contains(word, StringComparison.OrdinalIgnoreCase);
}

/// <summary>Which files there are, newest first, a page at a time.</summary>
internal static class FileList
{
    /// <summary>One page. A page begins below the given age (the place in the order of opening), so files opened meanwhile shift nothing.</summary>
    /// <param name="state">The state.</param>
    /// <param name="filter">Which files.</param>
    /// <param name="below">The age the page before ended at; null for the first page.</param>
    /// <param name="size">How many at most.</param>
    /// <returns>The files, and the age the next page begins below; null on the last page.</returns>
    public static (List<Decision> Files, long? Next) Page(DecisionsState state, FileFilter filter, long? below, int size)
    {
        var page = new List<Decision>(size);
        for (var age = (int)Math.Min(below ?? int.MaxValue, state.ByAge.Count) - 1; age >= 0; age--)
        {
            var file = state.Files[state.ByAge[age]];
            if (!filter.Lets(file))
            {
                continue;
            }
            if (page.Count == size)
            {
                return (page, age + 1);
            }
            page.Add(file);
        }
        return (page, null);
    }
}
