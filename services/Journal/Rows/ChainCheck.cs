namespace ExternalAction.Journal;

/// <summary>
/// Walks rows in order and says where a journal stops being whole. Replay at start, the fold of another replica's rows
/// and the offline verifier all use this one check, so that they cannot disagree about what a sound journal is.
/// </summary>
public sealed class ChainCheck
{
    private readonly Dictionary<string, long> _versions = [];

    /// <summary>Position of the last sound row; 0 before the first.</summary>
    public long Position { get; private set; }

    /// <summary>Hash of the last sound row; null before the first.</summary>
    public Digest? Hash { get; private set; }

    /// <summary>recorded_at of the last sound row, microseconds since 1970.</summary>
    public long RecordedAt { get; private set; } = long.MinValue;

    /// <summary>Checks the next row, its hash and its version in the stream included, and moves on if it is sound.</summary>
    /// <returns>Null if the row is sound, else a sentence that says what is wrong with it.</returns>
    public string? Next(JournalRow row) => LinkProblem(row, Position, Hash, RecordedAt) ?? HashProblem(row) ?? NextLink(row);

    /// <summary>As <see cref="Next"/>, for a row whose hash has been checked already.</summary>
    internal string? NextLink(JournalRow row)
    {
        var problem = LinkProblem(row, Position, Hash, RecordedAt) ?? VersionProblem(row);
        if (problem is null)
        {
            Position = row.Position;
            Hash = row.Hash;
            RecordedAt = row.RecordedAt;
            _versions[row.Stream] = row.Version;
        }

        return problem;
    }

    /// <summary>What is wrong between a row and the one before it, or null.</summary>
    internal static string? LinkProblem(JournalRow row, long position, Digest? hash, long recordedAt)
        => row.Position != position + 1 ? $"position {position + 1} is missing; the next row is {row.Position}"
            : row.PreviousHash != hash ? "the previous hash is not the hash of the row before"
            : row.RecordedAt < recordedAt ? "recorded_at is earlier than in the row before"
            : null;

    /// <summary>What is wrong with the hash of a row, or null.</summary>
    internal static string? HashProblem(JournalRow row)
        => row.ComputeHash() == row.Hash ? null : "the row's content does not match its hash";

    private string? VersionProblem(JournalRow row)
    {
        var expected = _versions.GetValueOrDefault(row.Stream) + 1;
        return row.Version == expected ? null : $"version {row.Version} of stream '{row.Stream}' should be {expected}";
    }
}
