using System.Globalization;
using ExternalAction.Sanctions.Domain;
using ExternalAction.Sanctions.Queries;
using ExternalAction.ServiceDefaults;
using Google.Api;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Proto = ExternalAction.Contracts.Sanctions.V1;

namespace ExternalAction.Sanctions.Grpc;

/// <summary>Regimes, their calendar and the alerts before an expiry.</summary>
internal sealed class RegimesService(Commands commands, TimeProvider clock) : Proto.Regimes.RegimesBase
{
    private const int RecordsMax = 200;

    /// <inheritdoc/>
    public override async Task<Proto.ListRegimesReply> ListRegimes(Proto.ListRegimesRequest request, ServerCallContext context)
    {
        var state = (await commands.ReadAsync(context)).State;
        var counts = state.InForce(SanctionsState.Eu).SelectMany(l => l.Regimes).CountBy(code => code).ToDictionary(StringComparer.Ordinal);
        var reply = new Proto.ListRegimesReply();
        reply.Regimes.Add(state.Regimes.Values.Select(r => Views.Of(r, counts.GetValueOrDefault(r.Record.Code))));
        return reply;
    }

    /// <inheritdoc/>
    public override async Task<Proto.Regime> GetRegime(Proto.GetRegimeRequest request, ServerCallContext context)
    {
        var state = (await commands.ReadAsync(context)).State;
        var code = Form.Text(request.Code, "code", 16, required: true);
        return state.Regimes.TryGetValue(code, out var regime)
            ? Views.Of(regime, state.InForce(SanctionsState.Eu).Count(l => l.Regimes.Contains(code)))
            : throw Errors.NoSuchRegime(code);
    }

    /// <inheritdoc/>
    public override async Task<Proto.GetRegimesCalendarReply> GetRegimesCalendar(Proto.GetRegimesCalendarRequest request, ServerCallContext context)
    {
        var reply = new Proto.GetRegimesCalendarReply();
        reply.Entries.Add((await DatesAsync(request, context)).Select(d => new Proto.RegimesCalendarEntry
        {
            Kind = Names.Map<RegimeDateKind, Proto.RegimesCalendarEntry.Types.Kind>(d.Kind),
            Date = Views.Day(d.Day),
            Regime = d.Regime,
            ListingId = d.ListingId,
            Title = d.Title,
            OverdueSince = Views.Day(d.OverdueSince),
        }));
        return reply;
    }

    /// <inheritdoc/>
    public override async Task<HttpBody> GetRegimesCalendarFile(Proto.GetRegimesCalendarRequest request, ServerCallContext context) => new()
    {
        ContentType = CalendarFile.MediaType,
        Data = ByteString.CopyFromUtf8(CalendarFile.Write(
            "Sanctions",
            (await DatesAsync(request, context)).Select(d => new CalendarFileEntry(d.Uid, d.Day, null, d.Title)),
            clock.GetUtcNow())),
    };

    /// <inheritdoc/>
    public override async Task<Proto.ListAlertsReply> ListAlerts(Proto.ListAlertsRequest request, ServerCallContext context)
    {
        var regime = Form.Text(request.Regime, "regime", 16);
        var size = Form.PageSize(request.PageSize, usual: 50, limit: 200);
        var filter = $"alerts|{regime}|{request.Settled}";
        var below = PageTokens.Read(request.PageToken, filter) ?? long.MaxValue;
        var state = (await commands.ReadAsync(context)).State;
        var found = state.Alerts.Where(a => a.Position < below && (regime.Length == 0 || a.Regime == regime) && (request.Settled || !Regimes.IsSettled(state, a)))
            .OrderByDescending(a => a.Position).Take(size + 1).ToList();
        var reply = new Proto.ListAlertsReply { NextPageToken = found.Count > size ? PageTokens.Write(found[size - 1].Position, filter) : "" };
        reply.Alerts.Add(found.Take(size).Select(a => new Proto.Alert
        {
            Id = a.Position.ToString(CultureInfo.InvariantCulture),
            Regime = a.Regime,
            ExpiryDate = Views.Day(a.ExpiryDate),
            DaysBefore = a.DaysBefore,
            Text = a.DaysBefore == 0
                ? $"{a.Regime}: the decision expired on {Views.Day(a.ExpiryDate)} and no renewal is on record; a regulation still printed would have lost its ground."
                : $"{a.Regime} expires on {Views.Day(a.ExpiryDate)}: less than {a.DaysBefore} days are left to renew it.",
            RaisedAt = Timestamp.FromDateTimeOffset(a.RaisedAt),
            Settled = Regimes.IsSettled(state, a),
        }));
        return reply;
    }

    /// <inheritdoc/>
    public override Task<Proto.ImportRegimesReply> ImportRegimes(Proto.ImportRegimesRequest request, ServerCallContext context)
    {
        var source = Form.Text(request.Source, "source", 500, required: true);
        if (!request.Csv.IsEmpty && request.Regimes.Count > 0)
        {
            throw FormErrors.Invalid("regimes", "regimes come as records or as CSV, not as both.");
        }
        var import = new RegimesImported(source, [.. request.Csv.IsEmpty ? RegimeForm.Read(Form.List(request.Regimes, "regimes", RecordsMax), source) : RegimeForm.Read(request.Csv, source)]);
        return import.Records.Length is 0 or > RecordsMax
            ? throw (import.Records.IsEmpty ? FormErrors.Required("regimes") : FormErrors.TooMany("regimes", RecordsMax, import.Records.Length))
            : commands.ExecuteAsync(context, request, (state, _) => Regimes.Import(state, import), (_, _) => new Proto.ImportRegimesReply { Imported = import.Records.Length });
    }

    private async Task<List<RegimeDate>> DatesAsync(Proto.GetRegimesCalendarRequest request, ServerCallContext context)
    {
        var today = Days.Of(clock.GetUtcNow());
        var from = Form.Day(request.From, "from", today);
        var to = Form.Day(request.To, "to", from.Year < 9998 ? from.AddYears(1) : DateOnly.MaxValue);
        return to >= from ? RegimesCalendar.Between((await commands.ReadAsync(context)).State, from, to, today) : throw FormErrors.Invalid("to", "lies before from.");
    }
}
