using System.Text;
using ExternalAction.Journal;
using ExternalAction.Sanctions.Domain.Screening;
using ExternalAction.Sanctions.Private;
using ExternalAction.Sanctions.Screening;

namespace ExternalAction.Sanctions.Records;

/// <summary>Makes the record of a screening, and sees to it that it is kept before the screening is answered.</summary>
internal sealed class Recorder(Vault vault, ScreeningRecords records, ScreeningRetention retention, TimeProvider clock)
{
    /// <summary>The record of a screening; with its query, encrypted with a key of its own, if that is to be kept.</summary>
    public NewScreening Record(string client, ScreeningQuery query, MatchOptions options, IReadOnlyList<ScreeningList> against, ScreeningResult result, bool keepQuery)
    {
        var now = JournalTime.Truncate(clock.GetUtcNow());
        var bytes = QueryForm.Write(query);
        var record = new ScreeningRecord
        {
            Id = Guid.CreateVersion7(now).ToString("N"),
            Client = client,
            ScreenedAt = now,
            ExpiresAt = now + retention.Kept,
            Profile = NameOf(options.Profile),
            Engine = ScreeningEngine.Version,
            Threshold = Math.Ceiling(options.EffectiveThreshold * 10_000) / 10_000, // scores have four places: the same hits reach it
            Limit = options.Limit,
            Exhaustive = options.Exhaustive,
            ListVersion = string.Join(',', against.Select(list => list.Version)),
            QueryHash = HashOf(client, bytes),
            ResultHash = result.Hash(),
            Hits = result.Hits.Count,
            Band = ScreeningResult.BandName(result.Band),
            Excluded = result.Excluded,
        };
        if (!keepQuery)
        {
            return new NewScreening(record);
        }
        var key = vault.New(record.KeyId);
        return new NewScreening(record, key.Key.Encrypt(bytes, record.KeyId), key);
    }

    /// <summary>The keyed hash of a client's query.</summary>
    public byte[] HashOf(string client, byte[] query) => vault.Hash("screening query", Encoding.UTF8.GetBytes(client).AsMemory(), query.AsMemory());

    /// <inheritdoc cref="ScreeningRecords.AppendAsync"/>
    public Task AppendAsync(IReadOnlyList<NewScreening> made, bool patient, CancellationToken cancellation) => records.AppendAsync(made, patient, cancellation);

    /// <summary>A profile with its version.</summary>
    public static string NameOf(ScreeningProfile profile) => $"{profile.Name}@{profile.Version}";
}
