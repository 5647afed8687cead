using ExternalAction.Sanctions.Domain.Screening.Names;
using ExternalAction.Sanctions.Domain.Screening.Scoring;

namespace ExternalAction.Sanctions.Domain.Screening.Retrieval;

/// <summary>The distances of every listed word from each word of a query; what was not found is different. Scratch memory of one thread.</summary>
internal sealed class DistanceTable
{
    private readonly float[]?[] rows = new float[]?[ParsedName.MaxTokens];
    private readonly ReadOnlyMemory<WordMatch>[] written = new ReadOnlyMemory<WordMatch>[ParsedName.MaxTokens];
    private readonly float[][] used = [.. Enumerable.Repeat(Array.Empty<float>(), ParsedName.MaxTokens)];
    private int least;

    /// <summary>The distances from one word of the query: of every listed word, <see cref="TokenComparer.Different"/> or <see cref="TokenComparer.Abbreviated"/> too; empty when all are different.</summary>
    internal float[] this[int query] => used[query];

    /// <summary>Forgets the query before; the next is compared with this many words.</summary>
    internal void Clear(int words)
    {
        for (int t = 0; t < rows.Length; t++)
        {
            foreach (WordMatch match in written[t].Span)
            {
                rows[t]![match.Word] = TokenComparer.Different;
            }

            (written[t], used[t]) = (default, []);
            if (rows[t] is { } row && row.Length < words)
            {
                rows[t] = null;
            }
        }

        least = words;
    }

    /// <summary>Writes down what was found for one word of the query.</summary>
    internal void Set(int query, ReadOnlyMemory<WordMatch> matches)
    {
        if (matches.IsEmpty)
        {
            return;
        }

        float[] row = rows[query] ??= NewRow();
        (written[query], used[query]) = (matches, row);
        foreach (WordMatch match in matches.Span)
        {
            row[match.Word] = match.Distance;
        }
    }

    private float[] NewRow()
    {
        var row = new float[least];
        Array.Fill(row, TokenComparer.Different);
        return row;
    }
}
