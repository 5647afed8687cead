using System.Globalization;
using ExternalAction.Sanctions.Domain;
using ExternalAction.Sanctions.Domain.Screening;
using ExternalAction.Sanctions.Screening;
using ExternalAction.ServiceDefaults;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Proto = ExternalAction.Contracts.Sanctions.V1;

namespace ExternalAction.Sanctions.Grpc;

/// <summary>
/// The questions about stored subjects. Another client's subject is answered like one that never was. Who a subject is, is decrypted
/// for the answer, page by page.
/// </summary>
internal sealed partial class SubjectsService
{
    private const int PageUsual = 100;
    private const int PageMost = 1_000;

    /// <inheritdoc/>
    public override async Task<Proto.StoredSubject> GetSubject(Proto.GetSubjectRequest request, ServerCallContext context)
    {
        var state = (await commands.ReadAsync(context)).State;
        return (await ViewsAsync(state, [Own(state, request.Id, context)], context.CancellationToken))[0];
    }

    /// <inheritdoc/>
    public override async Task<Proto.ListSubjectsReply> ListSubjects(Proto.ListSubjectsRequest request, ServerCallContext context)
    {
        var size = Form.PageSize(request.PageSize, PageUsual, PageMost);
        var client = context.Caller().Subject;
        var filter = $"subjects|{client}";
        var after = PageTokens.Read(request.PageToken, filter) ?? 0;
        var state = (await commands.ReadAsync(context)).State;
        var page = state.Subjects.Of(client).Subjects.SkipWhile(s => s.Key <= after).Take(size + 1).Select(s => state.Subjects.ById[s.Value]).ToList();
        var reply = new Proto.ListSubjectsReply();
        if (page.Count > size)
        {
            page.RemoveAt(size);
            reply.NextPageToken = PageTokens.Write(page[^1].Place, filter);
        }
        reply.Subjects.Add(await ViewsAsync(state, page, context.CancellationToken));
        return reply;
    }

    /// <inheritdoc/>
    public override async Task<Proto.ListSubjectAlertsReply> ListSubjectAlerts(Proto.ListSubjectAlertsRequest request, ServerCallContext context)
    {
        var size = Form.PageSize(request.PageSize, PageUsual, PageMost);
        var state = (await commands.ReadAsync(context)).State;
        var subject = Own(state, request.Id, context);
        var filter = $"subject alerts|{subject.Id}";
        var below = PageTokens.Read(request.PageToken, filter) ?? long.MaxValue;
        return await AlertsAsync(state, subject.Alerts.Reverse().SkipWhile(a => a.Position >= below), size, filter, context.CancellationToken);
    }

    /// <inheritdoc/>
    public override async Task<Proto.ListSubjectAlertsReply> ListClientAlerts(Proto.ListClientAlertsRequest request, ServerCallContext context)
    {
        var size = Form.PageSize(request.PageSize, PageUsual, PageMost);
        var client = context.Caller().Subject;
        if (request.AfterPosition < 0)
        {
            throw FormErrors.Invalid("afterPosition", "a position, 0 or more.");
        }
        var filter = string.Create(CultureInfo.InvariantCulture, $"client alerts|{client}|{request.AfterPosition}");
        var after = PageTokens.Read(request.PageToken, filter) ?? request.AfterPosition;
        var state = (await commands.ReadAsync(context)).State;
        return await AlertsAsync(state, state.Subjects.Of(client).Alerts.SkipWhile(a => a.Key <= after).Select(a => a.Value), size, filter, context.CancellationToken);
    }

    private static Subject Own(SanctionsState state, string id, ServerCallContext context)
    {
        var wanted = Form.Id(id);
        return state.Subjects.Of(context.Caller().Subject, wanted) ?? throw Errors.Of(Subjects.NotFound(wanted));
    }

    private async Task<List<Proto.StoredSubject>> ViewsAsync(SanctionsState state, List<Subject> page, CancellationToken cancellation)
    {
        var open = await subjects.OpenAsync(page, cancellation);
        return [.. page.Select(stored =>
        {
            var view = SubjectHits.View(state, stored);
            view.Subject = open.GetValueOrDefault(stored.Id)?.Read();
            return view;
        })];
    }

    private async Task<Proto.ListSubjectAlertsReply> AlertsAsync(SanctionsState state, IEnumerable<Domain.SubjectAlert> alerts, int size, string filter, CancellationToken cancellation)
    {
        var page = alerts.Take(size + 1).ToList();
        var reply = new Proto.ListSubjectAlertsReply();
        if (page.Count > size)
        {
            page.RemoveAt(size);
            reply.NextPageToken = PageTokens.Write(page[^1].Position, filter);
        }
        var open = await subjects.OpenAsync([.. page.Select(a => state.Subjects.ById[a.SubjectId])], cancellation);
        var references = open.ToDictionary(o => o.Key, o => o.Value.Read().Id, StringComparer.Ordinal);
        reply.Alerts.Add(page.Select(alert => new Proto.SubjectAlert
        {
            Id = alert.Position.ToString(CultureInfo.InvariantCulture),
            SubjectId = alert.SubjectId,
            SubjectReference = references.GetValueOrDefault(alert.SubjectId, ""),
            ListingId = alert.ListingId,
            Caption = state.Listings[alert.ListingId].Caption,
            Regime = state.Listings[alert.ListingId].Regime,
            List = alert.List,
            ListVersion = string.Create(CultureInfo.InvariantCulture, $"{alert.List}-{alert.ListPosition}"),
            AliasVersion = alert.NamesPosition.ToString(CultureInfo.InvariantCulture),
            Score = Views.Score(alert.Score),
            Band = Names.Map<ScreeningBand, Proto.Band.Types.Value>(alert.Band),
            MatchedName = open.GetValueOrDefault(alert.SubjectId)?.MatchedName(alert) ?? "",
            RaisedAt = Timestamp.FromDateTimeOffset(alert.RaisedAt),
            Position = alert.Position,
        }));
        return reply;
    }
}
