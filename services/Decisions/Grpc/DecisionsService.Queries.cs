using ExternalAction.Decisions.Domain;
using ExternalAction.Decisions.Queries;
using ExternalAction.Journal;
using ExternalAction.ServiceDefaults;
using Google.Api;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Proto = ExternalAction.Contracts.Decisions.V1;

namespace ExternalAction.Decisions.Grpc;

/// <summary>The questions about files: each answered from the published state, or from the journal's rows where it is about the past.</summary>
internal sealed partial class DecisionsService
{
    /// <inheritdoc/>
    public override async Task<Proto.ListDecisionsReply> ListDecisions(Proto.ListDecisionsRequest request, ServerCallContext context)
    {
        var filter = new FileFilter(
            request.State == Proto.State.Types.Value.Unspecified ? null : Names.Read<Proto.State.Types.Value, FileState>(request.State, "state"),
            request.Procedure == Proto.Procedure.Types.Value.Unspecified ? null : Names.Read<Proto.Procedure.Types.Value, Procedure>(request.Procedure, "procedure"),
            Form.Text(request.Q, "q", 200).Split(' ', StringSplitOptions.RemoveEmptyEntries),
            IsReader(context));
        var size = Form.PageSize(request.PageSize, usual: 50, limit: 200);
        var below = PageTokens.Read(request.PageToken, filter.Fingerprint);
        var (files, next) = FileList.Page((await commands.ReadAsync(context)).State, filter, below, size);
        var reply = new Proto.ListDecisionsReply { NextPageToken = next is { } age ? PageTokens.Write(age, filter.Fingerprint) : "" };
        reply.Decisions.Add(files.Select(Views.Head));
        return reply;
    }

    /// <inheritdoc/>
    public override async Task<Proto.Decision> GetDecision(Proto.GetDecisionRequest request, ServerCallContext context)
    {
        var reader = IsReader(context);
        var id = Form.Id(request.Id);
        var current = await commands.ReadAsync(context);
        if (commands.ReadAsOf(request.AsOf, current.Position) is not { } asOf)
        {
            return Views.Of(Visible(current.State, id, reader), reader);
        }
        var past = await journal.FoldAsync([DecisionsState.StreamOfFile(id)], asOf, context.CancellationToken);
        return Views.Of(Visible(past.State, id, reader), reader);
    }

    /// <inheritdoc/>
    public override async Task<Proto.Tally> GetTally(Proto.GetTallyRequest request, ServerCallContext context)
    {
        var state = (await commands.ReadAsync(context)).State;
        return TallyOf(state, Visible(state, Form.Id(request.Id), IsReader(context)))
            ?? throw Errors.Of(new Refusal(RefusalCode.VoteNotOpen, "No vote has been opened on this file yet."));
    }

    /// <inheritdoc/>
    public override async Task<Proto.GetHistoryReply> GetHistory(Proto.GetHistoryRequest request, ServerCallContext context)
    {
        var id = Form.Id(request.Id);
        Visible((await commands.ReadAsync(context)).State, id, reader: false);
        var (entries, next) = await JournalAnswers.HistoryAsync(journal, DecisionsState.StreamOfFile(id), request.PageSize, request.PageToken, context.CancellationToken);
        return new Proto.GetHistoryReply { Entries = { entries }, NextPageToken = next };
    }

    /// <inheritdoc/>
    public override async Task<Proto.GetCalendarReply> GetCalendar(Proto.GetCalendarRequest request, ServerCallContext context)
    {
        var reply = new Proto.GetCalendarReply();
        reply.Entries.Add((await DatesAsync(request, context)).Select(d => new Proto.CalendarEntry
        {
            Kind = Names.Map<DueKind, Proto.CalendarEntry.Types.Kind>(d.Kind),
            Date = Views.Day(d.Day),
            At = d.At is { } at ? Timestamp.FromDateTimeOffset(at) : null,
            DecisionId = d.File.Id,
            Title = d.File.Opened.Title,
            ActNumber = d.File.Act?.Number ?? "",
        }));
        return reply;
    }

    /// <inheritdoc/>
    public override async Task<HttpBody> GetCalendarFile(Proto.GetCalendarRequest request, ServerCallContext context) => new()
    {
        ContentType = CalendarFile.MediaType,
        Data = ByteString.CopyFromUtf8(Calendar.Write(await DatesAsync(request, context), clock.GetUtcNow())),
    };

    private async Task<List<CalendarDate>> DatesAsync(Proto.GetCalendarRequest request, ServerCallContext context)
    {
        var from = Form.Day(request.From, "from", DueDates.DayOf(clock.GetUtcNow()));
        var to = Form.Day(request.To, "to", from.Year < 9997 ? from.AddYears(2) : DateOnly.MaxValue);
        return to >= from ? Calendar.Between((await commands.ReadAsync(context)).State, from, to, IsReader(context)) : throw FormErrors.Invalid("to", "lies before from.");
    }

    /// <summary>The final count, or the one that closing now would give; null before the first vote.</summary>
    private static Proto.Tally? TallyOf(DecisionsState state, Decision file) =>
        file.Outcome is { } closed ? Tallies.Of(closed.Count, file.Position)
        : file.State == FileState.Voting && state.CountNow(file, silenceIsFor: file.Opened.Procedure == Procedure.Silence) is { } running ? Tallies.Of(running, file.Position, running: true)
        : null;

    /// <summary>The file, if it exists and this caller may know of it.</summary>
    private static Decision Visible(DecisionsState state, string id, bool reader) =>
        state.Files.TryGetValue(id, out var file) && (!reader || file.WasAdopted) ? file : throw Errors.NotFound(id);

    /// <summary>True for who may read adopted acts only: a reader with no other role that sees files.</summary>
    private static bool IsReader(ServerCallContext context) => !context.Caller().HasAny([Roles.Secretariat, Roles.Delegation, Roles.HighRepresentative, Roles.Auditor]);
}
