using System.Globalization;
using ExternalAction.Contracts.Platform.V1;
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
    private const int RowsMost = 500;

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
        return await AlertsAsync(state, subject.Alerts.Reverse().SkipWhile(a => a.Position >= below), size, filter, isOwn: true, context.CancellationToken);
    }

    /// <inheritdoc/>
    public override async Task<Proto.ListSubjectAlertsReply> ListClientAlerts(Proto.ListClientAlertsRequest request, ServerCallContext context)
    {
        var size = Form.PageSize(request.PageSize, PageUsual, PageMost);
        var client = ClientOf(request, context.Caller());
        if (request.AfterPosition < 0)
        {
            throw FormErrors.Invalid("afterPosition", "a position, 0 or more.");
        }
        var filter = string.Create(CultureInfo.InvariantCulture, $"client alerts|{client}|{request.AfterPosition}");
        var after = PageTokens.Read(request.PageToken, filter) ?? request.AfterPosition;
        var state = (await commands.ReadAsync(context)).State;
        return await AlertsAsync(state, state.Subjects.Of(client).Alerts.SkipWhile(a => a.Key <= after).Select(a => a.Value), size, filter, client == context.Caller().Subject, context.CancellationToken);
    }

    /// <inheritdoc/>
    public override async Task<Proto.ListRescreeningsReply> ListRescreenings(Proto.ListRescreeningsRequest request, ServerCallContext context)
    {
        var list = request.List switch { "" => SanctionsState.Eu, SanctionsState.Eu or SanctionsState.Un => request.List, _ => throw Errors.NoSuchList(request.List) };
        var size = Form.PageSize(request.PageSize, PageUsual, RowsMost);
        var filter = $"rescreenings|{list}";
        var after = PageTokens.Read(request.PageToken, filter) ?? 0;
        await commands.ReadAsync(context);
        var reply = new Proto.ListRescreeningsReply();
        await foreach (var row in journal.ReadStreamRowsAsync(SanctionsState.StreamOfList(list), after, context.CancellationToken))
        {
            var entry = JournalAnswers.EntryOf(row);
            if (SanctionsJournal.EventOf(entry) is not SubjectsRescreened done)
            {
                continue;
            }
            if (reply.Rescreenings.Count == size)
            {
                reply.NextPageToken = PageTokens.Write(reply.Rescreenings[^1].Row.Position, filter);
                break;
            }
            reply.Rescreenings.Add(new Proto.Rescreening
            {
                ListVersion = string.Create(CultureInfo.InvariantCulture, $"{done.List}-{done.Position}"),
                Subjects = done.Subjects,
                Alerts = done.Alerts,
                Listings = done.Listings ?? 0,
                Unreadable = done.Unreadable ?? 0,
                Engine = done.Engine ?? "",
                Row = entry,
            });
        }
        return reply;
    }

    /// <summary>Whose alerts: the caller's own; an auditor names whose.</summary>
    private static string ClientOf(Proto.ListClientAlertsRequest request, Caller caller)
    {
        var client = Form.Text(request.Client, "client", 256, required: !caller.HasAny([Roles.Integrator, Roles.SanctionsOfficer]));
        return client.Length == 0 || client == caller.Subject ? caller.Subject
            : caller.Has(Roles.Auditor) ? client
            : throw RpcErrors.Create(PlatformError.Types.Code.RoleMissing, "Only an auditor reads the alerts of another client.", "client");
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

    private async Task<Proto.ListSubjectAlertsReply> AlertsAsync(SanctionsState state, IEnumerable<Domain.SubjectAlert> alerts, int size, string filter, bool isOwn, CancellationToken cancellation)
    {
        var page = alerts.Take(size + 1).ToList();
        var reply = new Proto.ListSubjectAlertsReply();
        if (page.Count > size)
        {
            page.RemoveAt(size);
            reply.NextPageToken = PageTokens.Write(page[^1].Position, filter);
        }
        // Who a subject is, its client alone is told; the listed name that came nearest may well be its own.
        var open = await subjects.OpenAsync(isOwn ? [.. page.Select(a => state.Subjects.ById[a.SubjectId])] : [], cancellation);
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
