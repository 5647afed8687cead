using System.Collections.Immutable;
using System.Globalization;
using ExternalAction.Journal;
using ExternalAction.Sanctions.Domain;
using ExternalAction.Sanctions.Screening;
using ExternalAction.ServiceDefaults;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Proto = ExternalAction.Contracts.Sanctions.V1;

namespace ExternalAction.Sanctions.Grpc;

/// <summary>
/// Hits that a client examined and cleared. Which subject it was is kept as a keyed hash only; where the caller names it, the reply
/// does.
/// </summary>
internal sealed class ExclusionsService(Journal<SanctionsState, SanctionsEvent> journal, Commands commands, ScreeningLists lists, SealedSubjects subjects, TimeProvider clock) : Proto.Exclusions.ExclusionsBase
{
    private const int AttemptsMost = 8;

    /// <inheritdoc/>
    public override async Task<Proto.Exclusion> ExcludeHit(Proto.ExcludeHitRequest request, ServerCallContext context)
    {
        var client = context.Caller().Subject;
        var reference = Form.Text(request.Subject, "subject", 128, required: true);
        var version = Form.Text(request.AliasVersion, "aliasVersion", 32, required: true);
        var wanted = new ExclusionRecorded(
            Guid.CreateVersion7(clock.GetUtcNow()).ToString("N"),
            client,
            subjects.ReferenceHash(client, reference),
            Form.Id(request.ListingId, "listingId"),
            long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var names) ? names : throw FormErrors.Invalid("aliasVersion", "as the hit told it."),
            Form.Text(request.Reason, "reason", 2_000, required: true));
        var recorded = await commands.ExecuteAsync(
            context, subjects.InputOf(request), (s, _) => Exclusions.Exclude(s, wanted), (s, _) => ViewOf(s, s.Exclusions.Find(wanted.ReferenceHash, wanted.ListingId, wanted.NamesPosition)!));
        recorded.Subject = reference;
        return recorded;
    }

    /// <inheritdoc/>
    public override async Task<Proto.ListExclusionsReply> ListExclusions(Proto.ListExclusionsRequest request, ServerCallContext context)
    {
        var client = context.Caller().Subject;
        var size = Form.PageSize(request.PageSize, usual: 100, limit: 1_000);
        var reference = Form.Text(request.Subject, "subject", 128);
        var listing = Form.Text(request.ListingId, "listingId", 64);
        var filter = $"exclusions|{client}|{reference}|{listing}";
        var below = PageTokens.Read(request.PageToken, filter) ?? long.MaxValue;
        var state = (await commands.ReadAsync(context)).State;
        var hash = reference.Length > 0 ? subjects.ReferenceHash(client, reference) : null;
        var page = state.Exclusions.ByClient.GetValueOrDefault(client, ImmutableSortedDictionary<long, string>.Empty).Reverse().SkipWhile(e => e.Key >= below).Select(e => state.Exclusions.ById[e.Value])
            .Where(e => (hash is null || e.Recorded.ReferenceHash == hash) && (listing.Length == 0 || e.Recorded.ListingId == listing)).Take(size + 1).ToList();
        var reply = new Proto.ListExclusionsReply();
        if (page.Count > size)
        {
            page.RemoveAt(size);
            reply.NextPageToken = PageTokens.Write(page[^1].Position, filter);
        }
        foreach (var exclusion in page)
        {
            var view = ViewOf(state, exclusion);
            view.Subject = reference;
            reply.Exclusions.Add(view);
        }
        return reply;
    }

    /// <inheritdoc/>
    public override async Task<Proto.Exclusion> WithdrawExclusion(Proto.WithdrawExclusionRequest request, ServerCallContext context)
    {
        var client = context.Caller().Subject;
        var id = Form.Id(request.Id);
        await commands.ReadAsync(context);
        for (var attempt = 1; ; attempt++)
        {
            var state = journal.Current.State;
            var subject = state.Exclusions.Of(client, id) is { } exclusion ? state.Subjects.By(exclusion.Recorded.ReferenceHash) : null;
            var hits = subject is null ? [] : await HitsAsync(state, subject, state.Exclusions.ById[id].Recorded.ListingId, context.CancellationToken);
            try
            {
                return await commands.ExecuteAsync(context, request, (s, _) => Exclusions.Withdraw(s, client, id, subject, hits), (s, _) => ViewOf(s, s.Exclusions.ById[id]));
            }
            catch (RpcException again) when (again.StatusCode == StatusCode.Aborted && attempt < AttemptsMost)
            {
                // The subject was replaced meanwhile: once more.
            }
        }
    }

    /// <summary>What a stored subject has in common with one listing, as both are now.</summary>
    private async Task<ImmutableArray<SubjectHit>> HitsAsync(SanctionsState state, Subject subject, string listingId, CancellationToken cancellation)
    {
        var listing = state.Listings[listingId];
        if (!subject.IsOn(listing.List) || (await subjects.OpenAsync([subject], cancellation)).GetValueOrDefault(subject.Id) is not { } open)
        {
            return [];
        }
        var list = await lists.AtLeastAsync(state, listing.List, cancellation);
        return list.Listings.TryGetValue(listingId, out var current) ? SubjectHits.New(open, SubjectHits.Only(list, [current])) : [];
    }

    private static Proto.Exclusion ViewOf(SanctionsState state, Exclusion exclusion) => new()
    {
        Id = exclusion.Recorded.Id,
        ListingId = exclusion.Recorded.ListingId,
        AliasVersion = exclusion.Recorded.NamesPosition.ToString(CultureInfo.InvariantCulture),
        Reason = exclusion.Recorded.Reason,
        RecordedAt = Timestamp.FromDateTimeOffset(exclusion.RecordedAt),
        InEffect = exclusion.IsInEffect(state),
        Position = exclusion.Position,
    };
}
