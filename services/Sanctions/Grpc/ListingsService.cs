using ExternalAction.Contracts.Platform.V1;
using ExternalAction.Journal;
using ExternalAction.Sanctions.Domain;
using ExternalAction.Sanctions.Queries;
using ExternalAction.ServiceDefaults;
using Google.Protobuf;
using Grpc.Core;
using Proto = ExternalAction.Contracts.Sanctions.V1;

namespace ExternalAction.Sanctions.Grpc;

/// <summary>
/// The commands on a listing: each checks the request's form, hands it to one function of the domain, and answers with the
/// listing as it then is. No rule stands here.
/// </summary>
internal sealed partial class ListingsService(Journal<SanctionsState, SanctionsEvent> journal, Commands commands, PastStates pastStates, TimeProvider clock) : Proto.Listings.ListingsBase
{
    private const int LongText = 10_000;

    /// <inheritdoc/>
    public override Task<Proto.Listing> ProposeListing(Proto.ProposeListingRequest request, ServerCallContext context)
    {
        var caller = context.Caller();
        var actor = new Actor([.. caller.Roles], caller.MemberState);
        // Else a delegation could hang a listing on any decision that the Council is about to adopt.
        if (request.DecisionId.Length > 0 && !caller.HasAny([Roles.SanctionsOfficer, Roles.HighRepresentative]))
        {
            throw RpcErrors.Create(PlatformError.Types.Code.RoleMissing, "A decision takes up a delegation's proposal by its links; a proposal does not choose its decision.", "decisionId");
        }
        var command = new ProposeListing(
            Guid.CreateVersion7(clock.GetUtcNow()).ToString("N"),
            Form.Text(request.Regime, "regime", 16, required: true),
            Names.Read<Proto.SubjectType.Types.Value, Domain.Lists.SubjectType>(request.Type, "type"),
            Contents.Read(request.Content, request.Evidence),
            request.ProposedBy.Length == 0 ? null : request.ProposedBy == Proposing.HighRepresentative ? Proposing.HighRepresentative : Contents.MemberState(request.ProposedBy, "proposedBy"),
            request.DecisionId.Length == 0 ? null : Form.Id(request.DecisionId, "decisionId"));
        return ListingAsync(context, request, command.Id, (state, moment) => Proposing.Propose(state, command, actor, moment));
    }

    /// <inheritdoc/>
    public override Task<Proto.Listing> AmendListing(Proto.AmendListingRequest request, ServerCallContext context)
    {
        var command = new AmendListing(
            Form.Id(request.Id), Contents.Read(request.Content, request.Evidence), Form.Printable(request.EuReferenceNumber, "euReferenceNumber", 32), Contents.ActOf(request.Act),
            Contents.Cleared(request));
        if (command is { Content: var content, EuReferenceNumber.Length: 0, Clear.IsEmpty: true } && content == Contents.Nothing)
        {
            throw FormErrors.Required("content");
        }
        return ListingAsync(context, request, command.Id, (state, moment) => Proposing.Amend(state, command, moment));
    }

    /// <inheritdoc/>
    public override Task<Proto.Listing> NotifyListing(Proto.NotifyListingRequest request, ServerCallContext context)
    {
        var notified = new ListingNotified(
            Form.Id(request.Id),
            Names.Read<Proto.NotificationMethod.Types.Value, NotificationMethod>(request.Method, "method"),
            Form.Day(request.Date, "date", Today),
            Form.Text(request.Reference, "reference", 200, required: request.Method == Proto.NotificationMethod.Types.Value.Notice),
            Form.DayOrNull(request.ObservationsUntil, "observationsUntil"));
        return ListingAsync(context, request, notified.Id, (state, moment) => Living.Notify(state, notified, moment));
    }

    /// <inheritdoc/>
    public override Task<Proto.Listing> ObserveListing(Proto.ObserveListingRequest request, ServerCallContext context)
    {
        var received = new ObservationsReceived(
            Form.Id(request.Id), Form.Day(request.ReceivedOn, "receivedOn", Today), Form.Text(request.From, "from", 200, required: true), Form.Text(request.Summary, "summary", LongText, required: true));
        return ListingAsync(context, request, received.Id, (state, moment) => Living.Observe(state, received, moment));
    }

    /// <inheritdoc/>
    public override Task<Proto.Listing> ReviewListing(Proto.ReviewListingRequest request, ServerCallContext context)
    {
        var reviewed = new ListingReviewed(
            Form.Id(request.Id),
            Form.Day(request.Date, "date", Today),
            Names.Read<Proto.ReviewOutcome.Types.Value, ReviewOutcome>(request.Outcome, "outcome"),
            Form.Text(request.Text, "text", LongText));
        return ListingAsync(context, request, reviewed.Id, (state, moment) => Living.Review(state, reviewed, moment));
    }

    /// <inheritdoc/>
    public override Task<Proto.Listing> DelistListing(Proto.DelistListingRequest request, ServerCallContext context)
    {
        var reason = Names.Read<Proto.DelistingReason.Types.Value, DelistingReason>(request.Reason, "reason");
        var delisted = new ListingDelisted(
            Form.Id(request.Id),
            reason == DelistingReason.RemovedFromList ? throw FormErrors.Invalid("reason", "REMOVED_FROM_LIST is what an import records.") : reason,
            Form.Text(request.Act, "act", 200),
            Form.Day(request.Date, "date", Today),
            Form.Text(request.Text, "text", LongText));
        return ListingAsync(context, request, delisted.Id, (state, moment) => Living.Delist(state, delisted, moment));
    }

    /// <inheritdoc/>
    public override Task<Proto.Listing> DerogateListing(Proto.DerogateListingRequest request, ServerCallContext context)
    {
        var derogation = request.Derogation ?? throw FormErrors.Required("derogation");
        var recorded = new DerogationRecorded(
            Form.Id(request.Id),
            Names.Read<Proto.DerogationGround.Types.Value, DerogationGround>(derogation.Ground, "derogation.ground"),
            derogation.MemberState.Length == 0 ? null : Contents.MemberState(derogation.MemberState, "derogation.memberState"),
            Form.Text(derogation.Authority, "derogation.authority", 200),
            Form.Day(derogation.From, "derogation.from", Today),
            Form.DayOrNull(derogation.Until, "derogation.until"),
            Form.Text(derogation.Reference, "derogation.reference", 200),
            Form.Text(derogation.Text, "derogation.text", LongText));
        return ListingAsync(context, request, recorded.Id, (state, _) => Living.Derogate(state, recorded));
    }

    private DateOnly Today => Days.Of(clock.GetUtcNow());

    private Task<Proto.Listing> ListingAsync(ServerCallContext context, IMessage request, string id, Func<SanctionsState, Moment, Verdict> decide) =>
        commands.ExecuteAsync(context, request, decide, (state, _) => Views.Of(state.Listings[id], isPublic: false));
}
