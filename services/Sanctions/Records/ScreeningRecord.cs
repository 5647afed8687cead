using System.Collections.Immutable;
using System.Globalization;
using ExternalAction.Journal;

namespace ExternalAction.Sanctions.Records;

/// <summary>What is kept of a screening: enough to repeat it and to prove it, without telling who was screened.</summary>
internal sealed record ScreeningRecord
{
    /// <summary>A version 7 UUID, 32 hexadecimal digits: later screenings have greater ids.</summary>
    public required string Id { get; init; }

    /// <summary>Subject of the caller's token.</summary>
    public required string Client { get; init; }

    /// <summary>To the microsecond.</summary>
    public required DateTimeOffset ScreenedAt { get; init; }

    /// <summary>When it may be deleted.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>For example payments@1.</summary>
    public required string Profile { get; init; }

    /// <summary>The version of the scorer.</summary>
    public required string Engine { get; init; }

    /// <summary>As applied; four places.</summary>
    public required decimal Threshold { get; init; }

    /// <summary>Most hits answered.</summary>
    public required int Limit { get; init; }

    /// <summary>Whether every name was compared.</summary>
    public required bool Exhaustive { get; init; }

    /// <summary>For example eu-10451,un-7.</summary>
    public required string ListVersion { get; init; }

    /// <summary>Keyed hash of client and query.</summary>
    public required byte[] QueryHash { get; init; }

    /// <summary>Hash of the answer, see <see cref="Screening.ScreeningResult.Hash"/>.</summary>
    public required byte[] ResultHash { get; init; }

    /// <summary>How many hits were answered.</summary>
    public required int Hits { get; init; }

    /// <summary>Of the best hit: ALERT, REVIEW or NONE.</summary>
    public required string Band { get; init; }

    /// <summary>Listings left out.</summary>
    public required ImmutableArray<string> Excluded { get; init; }

    /// <summary>
    /// The leaf of this record: SHA-256 over the byte 0 and the fields in this order. Whether the query was kept is not among
    /// them: a kept query may be destroyed before its record, and it is bound by the query's hash.
    /// </summary>
    public byte[] Hash()
    {
        using var hash = new FieldHash(prefix: 0);
        return hash.Add("screening@1", Id, Client)
            .Add(JournalTime.ToMicroseconds(ScreenedAt)).Add(JournalTime.ToMicroseconds(ExpiresAt))
            .Add(Profile, Engine, ThresholdText).Add(Limit).Add(Exhaustive ? 1 : 0)
            .Add(ListVersion, Convert.ToHexStringLower(QueryHash), Convert.ToHexStringLower(ResultHash))
            .Add(Hits).Add(Band).AddAll(Excluded).Finish();
    }

    /// <summary>The threshold as text.</summary>
    public string ThresholdText => Threshold.ToString("0.0000", CultureInfo.InvariantCulture);

    /// <summary>The id of the key a kept query is encrypted with, and what it is bound to.</summary>
    public string KeyId => KeyOf(Id);

    /// <summary>As above, of an id.</summary>
    public static string KeyOf(string id) => "screening:" + id;
}

/// <summary>A record to be appended, perhaps with its query, encrypted, and the key made for it.</summary>
internal sealed record NewScreening(ScreeningRecord Record, byte[]? Query = null, Private.NewDataKey? Key = null);

/// <summary>A record as it is stored.</summary>
/// <param name="Record">Itself.</param>
/// <param name="Hash">Its hash as it was stored; not that of what was read, if somebody altered it.</param>
/// <param name="Batch">The batch it belongs to.</param>
/// <param name="Place">Its place there, from 0.</param>
/// <param name="Query">Its query, encrypted; null when it was not kept.</param>
internal sealed record StoredScreening(ScreeningRecord Record, byte[] Hash, string Batch, int Place, byte[]? Query);

/// <summary>A batch of records.</summary>
/// <param name="Id">A version 7 UUID, 32 hexadecimal digits.</param>
/// <param name="Records">How many it has.</param>
/// <param name="Position">The journal row of its seal; 0 while there is none.</param>
internal sealed record ScreeningBatch(string Id, int Records, long Position);
