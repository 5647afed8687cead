namespace ExternalAction.Journal;

/// <summary>
/// Reads a journal from its first row and folds it. Chunks are read, hashed and parsed side by side on all cores; only
/// the fold itself, which has to go in order, is done by one. A broken chain stops it at the first bad row.
/// </summary>
internal static class Replay
{
    private const int RowsPerChunk = 4_096;

    /// <summary>Folds everything up to the journal's present end.</summary>
    /// <exception cref="ChainBrokenException">A row is not sound.</exception>
    public static async Task RunAsync<TState, TEvent>(
        JournalDefinition<TState, TEvent> definition, IJournalStore store, Folding<TState, TEvent> folding, CancellationToken ct)
        where TState : class
        where TEvent : class
    {
        var chain = new ChainCheck();
        var last = await store.ReadLastPositionAsync(ct);
        var chunks = new Queue<Task<Chunk<TEvent>>>();
        var next = 0L;
        while (chunks.Count > 0 || next < last)
        {
            // 1. Keep every core busy, and no more chunks in memory than that needs.
            while (next < last && chunks.Count <= Environment.ProcessorCount)
            {
                var after = next;
                next = Math.Min(next + RowsPerChunk, last);
                var upTo = next;
                chunks.Enqueue(Task.Run(() => LoadAsync(definition, store, after, upTo, ct), ct));
            }

            // 2. Fold the oldest chunk. Its hashes were checked when it was loaded; the links are checked here.
            var chunk = await chunks.Dequeue();
            for (var i = 0; i < chunk.Rows.Count; i++)
            {
                var problem = i == chunk.BadIndex ? chunk.Problem : chain.NextLink(chunk.Rows[i]);
                if (problem is not null)
                {
                    throw new ChainBrokenException(definition.Service, chunk.Rows[i].Position, problem);
                }

                folding.Apply(chunk.Rows[i], chunk.Events[i]);
            }

            // 3. A chunk that came up short has a hole that no next row would show.
            if (chunk.UpTo != chain.Position)
            {
                throw new ChainBrokenException(definition.Service, chain.Position + 1, "the row is missing");
            }
        }
    }

    private static async Task<Chunk<TEvent>> LoadAsync<TState, TEvent>(
        JournalDefinition<TState, TEvent> definition, IJournalStore store, long after, long upTo, CancellationToken ct)
        where TState : class
        where TEvent : class
    {
        var rows = await store.ReadRowsAsync(after, upTo, RowsPerChunk, ct);
        var events = new JournalEvent<TEvent>?[rows.Count];
        for (var i = 0; i < rows.Count; i++)
        {
            if (ChainCheck.HashProblem(rows[i]) is { } problem)
            {
                return new Chunk<TEvent>(rows, events, upTo, i, problem);
            }

            events[i] = Folding<TState, TEvent>.Decode(definition, rows[i]);
        }

        return new Chunk<TEvent>(rows, events, upTo, -1, null);
    }

    private sealed record Chunk<TEvent>(List<JournalRow> Rows, JournalEvent<TEvent>?[] Events, long UpTo, int BadIndex, string? Problem)
        where TEvent : class;
}
