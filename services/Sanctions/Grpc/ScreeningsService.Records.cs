using System.Security.Cryptography;
using System.Text.Json;
using ExternalAction.Contracts.Platform.V1;
using ExternalAction.Contracts.Sanctions.V1;
using ExternalAction.Sanctions.Domain;
using ExternalAction.Sanctions.Domain.Screening;
using ExternalAction.Sanctions.Records;
using ExternalAction.Sanctions.Screening;
using ExternalAction.ServiceDefaults;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Proto = ExternalAction.Contracts.Sanctions.V1;

namespace ExternalAction.Sanctions.Grpc;

/// <summary>The records of screenings: one with its proof, many without, and a screening done once more as it was done then.</summary>
internal sealed partial class ScreeningsService
{
    private const int DatasetQueryLength = 65_536;

    /// <inheritdoc/>
    public override async Task<Proto.ScreeningRecord> GetScreening(Proto.GetScreeningRequest request, ServerCallContext context)
    {
        await commands.ReadAsync(context);
        var stored = await StoredAsync(request.Id, context);
        var view = ViewOf(stored);
        if (await archive.SealOfAsync(stored, context.CancellationToken) is { } seal)
        {
            view.Seal.Position = seal.Position;
            view.Seal.Root = seal.Told.Root;
            view.Seal.Records = seal.Told.Records;
            view.Seal.Proof.Add(seal.Proof.Select(Convert.ToHexStringLower));
        }
        return view;
    }

    /// <inheritdoc/>
    public override async Task<Proto.ListScreeningsReply> ListScreenings(Proto.ListScreeningsRequest request, ServerCallContext context)
    {
        var caller = context.Caller();
        var client = Form.Text(request.Client, "client", 256);
        if (!caller.Has(Roles.Auditor))
        {
            client = client.Length == 0 || client == caller.Subject
                ? caller.Subject
                : throw RpcErrors.Create(PlatformError.Types.Code.RoleMissing, "Only an auditor reads the screenings of another client.", "client");
        }
        var filter = new ScreeningFilter(
            client.Length == 0 ? null : client,
            Form.Instant(request.From, "from"),
            Form.Instant(request.Until, "until"),
            request.Band == Proto.Band.Types.Value.Unspecified ? null : ScreeningResult.BandName(Names.Read<Proto.Band.Types.Value, ScreeningBand>(request.Band, "band")));
        var size = Form.PageSize(request.PageSize, usual: 100, limit: 1_000);
        var below = PageTokens.ReadText(request.PageToken, filter.Fingerprint);
        await commands.ReadAsync(context);

        var found = await archive.ListAsync(filter, below, size + 1, context.CancellationToken);
        var reply = new Proto.ListScreeningsReply { NextPageToken = found.Count > size ? PageTokens.WriteText(found[size - 1].Screening.Record.Id, filter.Fingerprint) : "" };
        foreach (var (stored, position) in found.Take(size))
        {
            var view = ViewOf(stored);
            view.Seal.Position = position;
            reply.Screenings.Add(view);
        }
        return reply;
    }

    /// <inheritdoc/>
    public override async Task<Proto.ListScreeningSealsReply> ListScreeningSeals(Proto.ListScreeningSealsRequest request, ServerCallContext context)
    {
        await commands.ReadAsync(context);
        var (entries, next) = await JournalAnswers.HistoryAsync(journal, SanctionsState.ScreeningsStream, request.PageSize, request.PageToken, context.CancellationToken);
        var reply = new Proto.ListScreeningSealsReply { NextPageToken = next };
        reply.Rows.Add(entries.Select(SealRowOf));
        return reply;
    }

    /// <inheritdoc/>
    public override async Task<Proto.ReplayScreeningReply> ReplayScreening(Proto.ReplayScreeningRequest request, ServerCallContext context)
    {
        // 1. The record, and the query it is about: sent again, or kept.
        await commands.ReadAsync(context);
        var stored = await StoredAsync(request.Id, context);
        var record = stored.Record;
        var query = SentAgain(request) ?? (await table.QueryAsync(stored, context.CancellationToken) is { } kept ? QueryForm.Read(kept) : null)
            ?? throw RpcErrors.Create(SanctionsError.Types.Code.QueryRequired, "This screening kept no query: send the subject again, as it was sent then.", "subject");
        if (!CryptographicOperations.FixedTimeEquals(recorder.HashOf(record.Client, QueryForm.Write(query)), record.QueryHash))
        {
            throw RpcErrors.Create(SanctionsError.Types.Code.QueryMismatch, "This is not the subject that was screened then: something in it differs.", "subject");
        }

        // 2. The same question to the same lists, leaving out what was left out.
        var profile = ScreeningProfile.Find(record.Profile.Split('@')[0]) ?? throw new InvalidOperationException($"There is no profile {record.Profile} any more.");
        var options = new MatchOptions(profile) { Threshold = record.Threshold, Limit = record.Limit, Exhaustive = record.Exhaustive };
        var against = await lists.AtAsync(record.ListVersion, context.CancellationToken);
        var result = ScreeningResult.Of(query, options, against, LeftOut.Ids(record.Excluded.ToHashSet(StringComparer.Ordinal)));

        // 3. Compare.
        var hash = result.Hash();
        return new Proto.ReplayScreeningReply
        {
            Same = hash.AsSpan().SequenceEqual(record.ResultHash),
            Result = ResultOf(request.Subject?.Id ?? "", record.Id, against, result),
            ResultHash = Convert.ToHexStringLower(hash),
            RecordedResultHash = Convert.ToHexStringLower(record.ResultHash),
            Engine = ScreeningEngine.Version,
        };
    }

    private static Proto.ScreeningSealRow SealRowOf(HistoryEntry entry)
    {
        var row = new Proto.ScreeningSealRow { Row = entry };
        switch (SanctionsJournal.EventOf(entry))
        {
            case ScreeningsSealed s:
                row.Sealed = new Proto.SealedBatch { Batch = s.Batch, Records = s.Records, Root = s.Root, From = Timestamp.FromDateTimeOffset(s.From), Until = Timestamp.FromDateTimeOffset(s.Until) };
                break;
            case ScreeningsExpired e:
                row.Expired = new Proto.ExpiredBatches { Batches = { e.Batches.Items }, Records = e.Records };
                break;
        }
        return row;
    }

    private static ScreeningQuery? SentAgain(Proto.ReplayScreeningRequest request)
    {
        if (request.Subject is { } subject)
        {
            return SubjectOf(subject, "subject");
        }
        if (request.DatasetQuery.Length == 0)
        {
            return null;
        }
        try
        {
            return JsonSerializer.Deserialize(Form.Text(request.DatasetQuery, "datasetQuery", DatasetQueryLength), MatchJson.Default.MatchQuery) is { } query ? OpenSanctionsMatch.Read(query) : null;
        }
        catch (JsonException malformed)
        {
            throw FormErrors.Invalid("datasetQuery", $"not a query of a match request: {malformed.Message}");
        }
    }

    /// <summary>The record this caller may see, unaltered.</summary>
    private async Task<StoredScreening> StoredAsync(string id, ServerCallContext context)
    {
        var caller = context.Caller();
        var stored = await archive.FindAsync(Form.Id(id), context.CancellationToken);
        return stored is not null && (caller.Has(Roles.Auditor) || stored.Record.Client == caller.Subject)
            ? stored
            : throw RpcErrors.Create(SanctionsError.Types.Code.ScreeningNotFound, $"There is no screening '{id}', or its retention has ended.", "id");
    }

    private static Proto.ScreeningRecord ViewOf(StoredScreening stored)
    {
        var r = stored.Record;
        var view = new Proto.ScreeningRecord
        {
            Id = r.Id,
            Client = r.Client,
            ScreenedAt = Timestamp.FromDateTimeOffset(r.ScreenedAt),
            ExpiresAt = Timestamp.FromDateTimeOffset(r.ExpiresAt),
            Profile = r.Profile,
            Engine = r.Engine,
            Threshold = r.ThresholdText,
            Limit = r.Limit,
            Exhaustive = r.Exhaustive,
            ListVersion = r.ListVersion,
            QueryHash = Convert.ToHexStringLower(r.QueryHash),
            QueryKept = stored.Query is not null,
            ResultHash = Convert.ToHexStringLower(r.ResultHash),
            Hits = r.Hits,
            Band = r.Band switch { "ALERT" => Proto.Band.Types.Value.Alert, "REVIEW" => Proto.Band.Types.Value.Review, _ => Proto.Band.Types.Value.None },
            RecordHash = Convert.ToHexStringLower(stored.Hash),
            Seal = new Proto.ScreeningSeal { Batch = stored.Batch, Index = stored.Place },
        };
        view.Excluded.Add(r.Excluded);
        return view;
    }
}
