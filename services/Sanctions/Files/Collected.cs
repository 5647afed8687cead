using System.Collections.Immutable;
using System.Runtime.InteropServices;
using ExternalAction.Sanctions.Domain.Lists;

namespace ExternalAction.Sanctions.Files;

/// <summary>
/// Gathers what a reader reads, and checks what holds for every format: a key, a name, no key twice, a known programme, no more
/// entities than allowed; reports progress and obeys cancellation.
/// </summary>
internal sealed class Collected(ReadOptions options, Func<long> bytesRead, long? totalBytes, CancellationToken cancellation)
{
    private const int ProgressEvery = 200;
    private const int MostNotes = 100;

    private readonly List<Entry> _entries = [];
    private readonly List<Rejection> _rejected = [];
    private readonly List<string> _notes = [];
    private readonly HashSet<string> _keys = [];
    private readonly HashSet<string> _references = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The entries taken.</summary>
    public ImmutableArray<Entry> Entries => ImmutableCollectionsMarshal.AsImmutableArray(_entries.ToArray());

    /// <summary>The entities not taken.</summary>
    public ImmutableArray<Rejection> Rejected => [.. _rejected];

    /// <summary>What was passed over.</summary>
    public ImmutableArray<string> Notes => [.. _notes];

    /// <summary>Whether programme codes are checked: those of the EU list are, the UN has names of its own.</summary>
    public bool ChecksProgrammes { get; init; } = true;

    /// <summary>Takes an entity, or rejects it if anything is wrong.</summary>
    /// <param name="line">Line of the entity.</param>
    /// <param name="entry">As far as it could be read.</param>
    /// <param name="faults">What is wrong so far.</param>
    public void Add(int line, Entry entry, Faults faults)
    {
        cancellation.ThrowIfCancellationRequested();
        if (entry.Key.Length == 0)
        {
            faults.Report(line, "sanctionEntity.logicalId", "The entity has no number.");
        }
        else if (entry.Names.IsEmpty)
        {
            faults.Report(line, "nameAlias", "The entity has no name.");
        }

        if (entry.Regulations.IsEmpty)
        {
            Note($"The entity {entry.Reference} names no act: it is taken, and stands under no regime.");
        }

        if (ChecksProgrammes)
        {
            foreach (var act in entry.Regulations.Items.Where(act => !options.KnownProgramme(act.Programme)))
            {
                faults.Report(line, "regulation.programme", act.Programme.Length == 0 ? "The act names no programme." : $"The programme '{act.Programme}' is unknown; enter it as a regime first.");
            }
        }

        if (!faults.Any && !_keys.Add(entry.Key))
        {
            faults.Report(line, "sanctionEntity.logicalId", $"The number {entry.Key} stands in this file already; the first entity with it counts.");
        }

        if (!faults.Any && entry.EuReferenceNumber is { Length: > 0 } reference && !_references.Add(reference))
        {
            faults.Report(line, "sanctionEntity.euReferenceNumber", $"The reference number {reference} stands in this file already; the first entity with it counts.");
        }

        if (faults.Any)
        {
            _rejected.Add(faults.Rejection(entry.Key, entry.EuReferenceNumber ?? entry.UnitedNationId));
        }
        else
        {
            _entries.Add(entry);
        }

        var seen = _entries.Count + _rejected.Count;
        if (seen > options.MaxEntities)
        {
            throw new ListFileException(ListFileFault.TooLarge, $"The file has more than {options.MaxEntities} entities.", line);
        }

        if (seen % ProgressEvery == 0)
        {
            Report();
        }
    }

    /// <summary>Notes a harmless deviation once.</summary>
    public void Note(string sentence)
    {
        if (_notes.Count < MostNotes && !_notes.Contains(sentence))
        {
            _notes.Add(sentence);
        }
    }

    /// <summary>Tells how far the reading is.</summary>
    public void Report() => options.Progress?.Invoke(new(_entries.Count + _rejected.Count, bytesRead(), totalBytes));
}
