using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using ExternalAction.Sanctions.Domain.Lists;

namespace ExternalAction.Sanctions.Files;

/// <summary>A list file as read: what it says of itself, its entries, and what could not be taken.</summary>
public sealed record ListFile
{
    /// <summary>What the file says of itself.</summary>
    public required ListHeader Header { get; init; }

    /// <summary>The entries, in the file's order, each key once.</summary>
    public required ImmutableArray<Entry> Entries { get; init; }

    /// <summary>The entities that could not be taken, one row each.</summary>
    public required ImmutableArray<Rejection> Rejected { get; init; }

    /// <summary>Things the reader passed over without harm, each sentence once: unknown elements, unknown columns.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];

    /// <summary>
    /// Columns that this file leaves empty in every row although the format has them (CSV only, and only columns that some
    /// producers never fill). See <see cref="CompletedFrom"/>.
    /// </summary>
    public FrozenSet<string> NotCarried { get; init; } = FrozenSet<string>.Empty;

    /// <summary>
    /// The file with what its format cannot carry taken over from the entries that are on the list now, so that a CSV file
    /// does not seem to delete what it never says. Files that carry everything come back unchanged.
    /// </summary>
    public ListFile CompletedFrom(IReadOnlyDictionary<string, Entry> current)
        => NotCarried.Count == 0
            ? this
            : this with { Entries = [.. Entries.Select(entry => current.TryGetValue(entry.Key, out var old) ? CsvCompletion.Complete(entry, old, NotCarried) : entry)] };
}

/// <summary>What a list file says of itself.</summary>
/// <param name="Format">Its format.</param>
/// <param name="GeneratedAt">When its publisher made it; CSV knows the day only (then midnight UTC).</param>
/// <param name="FileId">FSF <c>globalFileId</c>; empty in other formats.</param>
public sealed record ListHeader(ListFormat Format, DateTimeOffset GeneratedAt, string FileId = "")
{
    /// <summary>Whether the publisher made this file before the other one. A CSV file counts as of its whole day, so on the same day it is never older.</summary>
    public bool IsOlderThan(ListHeader other)
        => Format is ListFormat.FsfCsv || other.Format is ListFormat.FsfCsv
            ? DayOf(GeneratedAt) < DayOf(other.GeneratedAt)
            : GeneratedAt < other.GeneratedAt;

    /// <summary>The header's date in ISO form, for reports.</summary>
    public override string ToString() => $"{Format} of {GeneratedAt.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture)}";

    private static DateOnly DayOf(DateTimeOffset time) => DateOnly.FromDateTime(time.DateTime);
}

/// <summary>The formats of list files.</summary>
public enum ListFormat
{
    /// <summary>Financial Sanctions Files XML 1.1 (list <c>eu</c>).</summary>
    FsfXml,

    /// <summary>Financial Sanctions Files CSV 1.1 (list <c>eu</c>).</summary>
    FsfCsv,

    /// <summary>The United Nations Security Council consolidated list (list <c>un</c>).</summary>
    UnXml,

    /// <summary>One JSON object per line: export only.</summary>
    JsonLines,
}

/// <summary>Limits and knowledge a file is read with.</summary>
public sealed record ReadOptions
{
    /// <summary>The defaults: every limit far above the real lists (25 MB of XML, 1.5 MB compressed, 6,000 entities).</summary>
    public static ReadOptions Default { get; } = new();

    /// <summary>Largest file as received, in bytes.</summary>
    public long MaxBytes { get; init; } = 64 << 20;

    /// <summary>Largest file after decompression, in bytes.</summary>
    public long MaxExpandedBytes { get; init; } = 160 << 20;

    /// <summary>Most entities.</summary>
    public int MaxEntities { get; init; } = 100_000;

    /// <summary>Most names, addresses and so on of one entity, all together; over it the entity is rejected.</summary>
    public int MaxPartsPerEntity { get; init; } = 2_000;

    /// <summary>Longest text of one attribute or remark, in UTF-16 units; over it the entity is rejected.</summary>
    public int MaxTextLength { get; init; } = 20_000;

    /// <summary>Deepest nesting of elements; over it the file is refused.</summary>
    public int MaxDepth { get; init; } = 16;

    /// <summary>
    /// Whether a programme code is known. An entry of the EU list under an unknown programme is rejected, because nobody could
    /// say which regime freezes its assets: enter the programme first, then import again. Default: the bundled catalogue.
    /// </summary>
    public Func<string, bool> KnownProgramme { get; init; } = ProgrammeCatalogue.IsBundled;

    /// <summary>Called now and then, and once at the end, on the reading thread.</summary>
    public Action<ReadProgress>? Progress { get; init; }

    /// <summary>The file's size as received, where known; otherwise taken from the stream if that knows.</summary>
    public long? TotalBytes { get; init; }
}

/// <summary>How far the reading is.</summary>
/// <param name="Entities">Entities read so far, rejected ones included.</param>
/// <param name="Bytes">Bytes of the file, as received, consumed so far.</param>
/// <param name="TotalBytes">The file's size, if known: the basis of an estimate.</param>
public readonly record struct ReadProgress(int Entities, long Bytes, long? TotalBytes);

/// <summary>The file as a whole cannot be taken; nothing of it may be applied.</summary>
public sealed class ListFileException(ListFileFault fault, string message, int? line = null, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The kind of fault.</summary>
    public ListFileFault Fault { get; } = fault;

    /// <summary>Line of the file, where known.</summary>
    public int? Line { get; } = line;
}

/// <summary>Why a file as a whole cannot be taken.</summary>
public enum ListFileFault
{
    /// <summary>It is none of the list formats, or lacks what every such file has.</summary>
    NotTheList,

    /// <summary>It ends too early or is not well-formed.</summary>
    Broken,

    /// <summary>It exceeds a limit: size, size after decompression, entities, depth.</summary>
    TooLarge,

    /// <summary>It holds what no list file holds and attackers use: a document type definition, entities.</summary>
    Forbidden,
}
