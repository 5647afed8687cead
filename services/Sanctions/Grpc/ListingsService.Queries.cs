using ExternalAction.Contracts.Platform.V1;
using ExternalAction.Journal;
using ExternalAction.Sanctions.Domain;
using ExternalAction.Sanctions.Queries;
using ExternalAction.ServiceDefaults;
using Google.Api;
using Grpc.Core;
using JournalHead = ExternalAction.Contracts.Platform.V1.JournalHead;
using Proto = ExternalAction.Contracts.Sanctions.V1;

namespace ExternalAction.Sanctions.Grpc;

/// <summary>The questions about listings: each answered from the published state, or from the journal's rows where it is about the past.</summary>
internal sealed partial class ListingsService
{
    /// <inheritdoc/>
    public override async Task<Proto.ListListingsReply> ListListings(Proto.ListListingsRequest request, ServerCallContext context)
    {
        var filter = new ListingFilter(
            Form.Text(request.Regime, "regime", 16),
            request.Type == Proto.SubjectType.Types.Value.Unspecified ? null : Names.Read<Proto.SubjectType.Types.Value, Domain.Lists.SubjectType>(request.Type, "type"),
            request.State == Proto.ListingState.Types.Value.Unspecified ? null : Names.Read<Proto.ListingState.Types.Value, ListingState>(request.State, "state"),
            Form.Text(request.List, "list", 8),
            Form.Text(request.Q, "q", 200).Split(' ', StringSplitOptions.RemoveEmptyEntries),
            IsPublic(context));
        var size = Form.PageSize(request.PageSize, usual: 50, limit: 200);
        var fingerprint = $"{filter.Fingerprint}|{request.AsOf}";
        var below = PageTokens.Read(request.PageToken, fingerprint);
        var current = await commands.ReadAsync(context);
        var state = commands.ReadAsOf(request.AsOf, current.Position) is { } asOf ? (await pastStates.AtAsync(asOf, context.CancellationToken)).State : current.State;
        var (page, next, total) = ListingList.Page(state, filter, below, size);
        var reply = new Proto.ListListingsReply { NextPageToken = next is { } age ? PageTokens.Write(age, fingerprint) : "", Total = total };
        reply.Listings.Add(page.Select(Views.Head));
        return reply;
    }

    /// <inheritdoc/>
    public override async Task<Proto.Listing> GetListing(Proto.GetListingRequest request, ServerCallContext context)
    {
        var isPublic = IsPublic(context);
        var id = Form.Id(request.Id);
        var current = await commands.ReadAsync(context);
        if (commands.ReadAsOf(request.AsOf, current.Position) is not { } asOf)
        {
            return Views.Of(Visible(current.State, id, context), isPublic);
        }
        // What an import staged for it took effect when that was completed, if it was.
        var past = await journal.FoldAsync([SanctionsState.StreamOfListing(id), .. SanctionsState.StreamsOfImports], await pastStates.WholeAsync(asOf, context.CancellationToken), context.CancellationToken);
        return Views.Of(Visible(past.State, id, context), isPublic);
    }

    /// <inheritdoc/>
    public override async Task<Proto.GetListingHistoryReply> GetListingHistory(Proto.GetListingHistoryRequest request, ServerCallContext context)
    {
        var id = Form.Id(request.Id);
        Visible((await commands.ReadAsync(context)).State, id, context);
        var (entries, next) = await JournalAnswers.HistoryAsync(
            journal, SanctionsState.StreamOfListing(id), request.PageSize, request.PageToken, context.CancellationToken,
            await TookEffectAsync(journal, context.CancellationToken));
        return new Proto.GetListingHistoryReply { Entries = { entries }, NextPageToken = next };
    }

    /// <inheritdoc/>
    public override Task<JournalHead> GetJournalHead(GetJournalHeadRequest request, ServerCallContext context) => Task.FromResult(JournalAnswers.Head(journal));

    /// <inheritdoc/>
    public override Task<HttpBody> GetSigningKeys(GetSigningKeysRequest request, ServerCallContext context) => Task.FromResult(JournalAnswers.Keys(journal));

    /// <summary>Whether a row of a listing took effect: what an import staged did when the import was completed.</summary>
    internal static async Task<Func<JournalRow, bool>> TookEffectAsync(Journal<SanctionsState, SanctionsEvent> journal, CancellationToken cancellation)
    {
        var completed = await ListChanges.CompletedAsync(journal, cancellation);
        return row => SanctionsJournal.Definition.Codec.Decode(row.Type, row.Payload.Span) is not EntryStaged staged || completed.Contains(staged.Import);
    }

    /// <summary>
    /// The listing, if it exists and this caller may know of it: what is or was in force is public; a proposal is for those who
    /// work on it, a delegation's own among them.
    /// </summary>
    private static Listing Visible(SanctionsState state, string id, ServerCallContext context) =>
        state.Listings.TryGetValue(id, out var listing) && (listing.IsPublic || !IsPublic(context)) ? listing : throw Errors.NotFound(id);

    /// <summary>True for who may see public facts only.</summary>
    private static bool IsPublic(ServerCallContext context) =>
        !context.Caller().HasAny([Roles.SanctionsOfficer, Roles.HighRepresentative, Roles.Delegation, Roles.Auditor, Roles.Secretariat]);
}
