using System.Globalization;
using ExternalAction.Contracts.Platform.V1;
using ExternalAction.Journal;
using ExternalAction.Sanctions.Domain;
using ExternalAction.Sanctions.Domain.Lists;
using ExternalAction.Sanctions.Queries;
using ExternalAction.ServiceDefaults;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Proto = ExternalAction.Contracts.Sanctions.V1;

namespace ExternalAction.Sanctions.Grpc;

/// <summary>The lists: what they hold, and what changed since when. Changes are the journal's rows, so none is lost and none invented.</summary>
internal sealed partial class ListsService(Journal<SanctionsState, SanctionsEvent> journal, Commands commands, PastStates pastStates, ImportSlots slots, TimeProvider clock) : Proto.Lists.ListsBase
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    /// <inheritdoc/>
    public override async Task<Proto.List> GetList(Proto.GetListRequest request, ServerCallContext context)
    {
        var state = (await commands.ReadAsync(context)).State;
        var list = ListOf(request.List);
        var (file, imported, position, _) = state.Lists[list];
        var reply = new Proto.List
        {
            List_ = list,
            Title = list == SanctionsState.Eu ? "EU consolidated list of financial sanctions" : "United Nations Security Council Consolidated List",
            ListVersion = state.VersionOf(list),
            GeneratedAt = file is not null ? Timestamp.FromDateTimeOffset(file.GeneratedAt) : null,
            ImportedAt = file is not null ? Timestamp.FromDateTimeOffset(imported.RecordedAt) : null,
            FileHash = file?.FileHash ?? "",
            Position = position,
        };
        foreach (var listing in state.InForce(list))
        {
            reply.Listings++;
            reply.Names += listing.Kept.Texts.Length;
            reply.Persons += listing.Kept.SubjectType == SubjectType.Person ? 1 : 0;
        }
        return reply;
    }

    /// <inheritdoc/>
    public override async Task<Proto.ListChangesReply> ListChanges(Proto.ListChangesRequest request, ServerCallContext context)
    {
        var list = ListOf(request.List);
        var current = await commands.ReadAsync(context);
        var size = Form.PageSize(request.PageSize, usual: 200, limit: 1_000);
        var filter = $"changes|{list}|{request.Since}";
        var after = PageTokens.Read(request.PageToken, filter) ?? Since(request.Since, list, current.Position);
        var reply = new Proto.ListChangesReply { ListVersion = current.State.VersionOf(list) };
        await foreach (var change in Queries.ListChanges.ReadAsync(journal, after, current.Position, context.CancellationToken))
        {
            if (ViewOf(current.State, list, change) is not { } view)
            {
                continue;
            }
            if (reply.Changes.Count == size)
            {
                reply.NextPageToken = PageTokens.Write(after, filter);
                break;
            }
            reply.Changes.Add(view);
            after = change.Cursor;
        }
        return reply;
    }

    /// <inheritdoc/>
    public override async Task WatchChanges(Proto.WatchChangesRequest request, IServerStreamWriter<Proto.ListChange> responseStream, ServerCallContext context)
    {
        var list = ListOf(request.List);
        var current = await commands.ReadAsync(context);
        var after = context.Facts().LastEventId ?? request.AfterPosition;
        if (after < 0 || after > current.Position)
        {
            throw FormErrors.Invalid("afterPosition", $"a position between 0 and {current.Position}.");
        }
        using var life = StreamLifetime.Of(context);
        await journal.FollowAsync(
            null,
            after == 0 ? current.Position : after,
            Heartbeat,
            async row =>
            {
                await foreach (var change in Queries.ListChanges.OfAsync(journal, row, 0, life.Token))
                {
                    if (ViewOf(journal.Current.State, list, change) is { } view)
                    {
                        await responseStream.WriteAsync(view, life.Token);
                    }
                }
                return false;
            },
            () => responseStream.WriteAsync(new Proto.ListChange { Heartbeat = true }, life.Token),
            life.Token);
    }

    /// <summary>What a change is to a list; null when nothing. A listing that enters into force is added, one that ends removed.</summary>
    private static Proto.ListChange? ViewOf(SanctionsState state, string list, ListingChange change)
    {
        var e = change.Happened;
        if (!state.Listings.TryGetValue(e.Id, out var listing) || listing.List != list)
        {
            return null;
        }
        (Proto.ListChange.Types.Kind Kind, IEnumerable<string> Changed)? kind = e switch
        {
            EntryAdded or ListingEnteredIntoForce or ListingPublished { InForce: true } => (Proto.ListChange.Types.Kind.Added, []),
            EntryAmended amended => (Proto.ListChange.Types.Kind.Amended, amended.Changed),
            ListingAmended when WasInForce(listing, change) => (Proto.ListChange.Types.Kind.Amended, ["content"]),
            EntryRemoved => (Proto.ListChange.Types.Kind.Removed, []),
            ListingDelisted or ListingLapsed when WasInForce(listing, change) => (Proto.ListChange.Types.Kind.Removed, []),
            _ => null,
        };
        if (kind is not { } known)
        {
            return null;
        }
        var reply = new Proto.ListChange
        {
            Kind = known.Kind,
            ListingId = e.Id,
            Caption = listing.Caption,
            Regime = listing.Regime,
            Type = Names.Map<SubjectType, Proto.SubjectType.Types.Value>(listing.Kept.SubjectType),
            Position = change.Position,
            At = Timestamp.FromDateTimeOffset(change.At),
        };
        reply.Changed.Add(known.Changed);
        return reply;
    }

    /// <summary>Whether a listing had taken effect by then: before, nobody was told of it.</summary>
    private static bool WasInForce(Listing listing, ListingChange change) => listing.EnteredAt > 0 && listing.EnteredAt < change.Position;

    private static string ListOf(string list) => list is SanctionsState.Eu or SanctionsState.Un ? list : throw Errors.NoSuchList(list);

    /// <summary>The position that <c>since</c> names: a list version, or position:N.</summary>
    private static long Since(string since, string list, long current)
    {
        if (since.Length == 0)
        {
            return 0;
        }
        var number = since.StartsWith($"{list}-", StringComparison.Ordinal) ? since[(list.Length + 1)..] : since.StartsWith("position:", StringComparison.Ordinal) ? since["position:".Length..] : "";
        return long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var position) && position <= current
            ? position
            : throw RpcErrors.Create(PlatformError.Types.Code.InvalidAsOf, $"since is a version of this list such as {list}-1200, or position:N, and not in the future.", "since");
    }
}
