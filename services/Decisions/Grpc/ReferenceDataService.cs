using System.Globalization;
using ExternalAction.Decisions.Domain;
using ExternalAction.Decisions.Domain.Reference;
using ExternalAction.ServiceDefaults;
using Google.Protobuf;
using Grpc.Core;
using Proto = ExternalAction.Contracts.Decisions.V1;
using Voting = ExternalAction.Decisions.Domain.Voting;

namespace ExternalAction.Decisions.Grpc;

/// <summary>Dated reference data: what holds on a day, and imports that add to it. CSV and JSON become the same records before any rule sees them.</summary>
internal sealed class ReferenceDataService(Commands commands, TimeProvider clock) : Proto.ReferenceData.ReferenceDataBase
{
    private const int SourceLimit = 500;

    /// <inheritdoc/>
    public override async Task<Proto.ListMemberStatesReply> ListMemberStates(Proto.ListMemberStatesRequest request, ServerCallContext context)
    {
        var reference = await ReferenceAsync(context);
        var reply = new Proto.ListMemberStatesReply();
        reply.MemberStates.Add(reference.MembersOn(Day(request.Date)).Select(m => new Proto.MemberState
        {
            Code = m.Code,
            Name = m.Name,
            ProtocolOrder = m.ProtocolOrder,
            AccessionDate = Views.Day(m.AccessionDate),
            WithdrawalDate = Views.Day(m.WithdrawalDate),
            Source = m.Source,
        }));
        return reply;
    }

    /// <inheritdoc/>
    public override async Task<Proto.ListPopulationsReply> ListPopulations(Proto.ListPopulationsRequest request, ServerCallContext context)
    {
        var reference = await ReferenceAsync(context);
        var day = Day(request.Date);
        if (reference.TableOn(day) is not { } table)
        {
            throw Errors.Of(Preparing.NoTable(day));
        }
        var total = table.Rows.Sum(r => r.Population);
        var order = reference.MemberStates.ToDictionary(m => m.Code, m => m.ProtocolOrder, StringComparer.Ordinal);
        var reply = new Proto.ListPopulationsReply
        {
            Year = table.Year,
            ValidFrom = Views.Day(table.ValidFrom),
            Derived = table.Derived,
            Source = table.Source,
            Total = total,
            PublishedTotal = table.PublishedTotal ?? 0,
        };
        reply.Populations.Add(table.Rows.OrderBy(r => order[r.Code]).Select(r => new Proto.Population { MemberState = r.Code, Population_ = r.Population, Share = Voting.DecimalText.Truncated(r.Population, total, 4) }));
        return reply;
    }

    /// <inheritdoc/>
    public override async Task<Proto.ListLegalBasesReply> ListLegalBases(Proto.ListLegalBasesRequest request, ServerCallContext context)
    {
        var reference = await ReferenceAsync(context);
        var reply = new Proto.ListLegalBasesReply();
        reply.LegalBases.Add(reference.LegalBasesOn(Day(request.Date)).Select(View));
        return reply;
    }

    /// <inheritdoc/>
    public override async Task<Proto.ListOptOutsReply> ListOptOuts(Proto.ListOptOutsRequest request, ServerCallContext context)
    {
        var reference = await ReferenceAsync(context);
        var reply = new Proto.ListOptOutsReply();
        reply.OptOuts.Add(reference.OptOutsOn(Day(request.Date)).Select(o => new Proto.OptOut
        {
            MemberState = o.MemberState,
            LegalBasis = o.LegalBasis,
            Scope = o.Scope == OptOutScope.All ? "ALL" : "MILITARY_OR_DEFENCE",
            Reason = o.Reason,
            ValidFrom = Views.Day(o.ValidFrom),
            ValidTo = Views.Day(o.ValidTo),
            Source = o.Source,
        }));
        return reply;
    }

    /// <inheritdoc/>
    public override Task<Proto.ImportReply> ImportMemberStates(Proto.ImportMemberStatesRequest request, ServerCallContext context)
    {
        var from = Form.Day(request.ValidFrom, "validFrom");
        var source = Form.Text(request.Source, "source", SourceLimit, required: true);
        var rows = Rows(request.Csv, request.Records, ["code", "name", "protocolOrder", "accessionDate"], ["withdrawalDate", "source"], row => new Proto.MemberState
        {
            Code = row["code"],
            Name = row["name"],
            ProtocolOrder = (int)Math.Min(row.Number("protocolOrder"), int.MaxValue),
            AccessionDate = row["accessionDate"],
            WithdrawalDate = row["withdrawalDate"],
            Source = row["source"],
        });
        var import = new MemberStatesImported(from, source, [.. rows.Select((r, i) => new MemberStateRecord(
            Form.MemberState(r.Code, $"records[{i}].code"),
            Form.Text(r.Name, $"records[{i}].name", 100, required: true),
            r.ProtocolOrder,
            Form.Day(r.AccessionDate, $"records[{i}].accessionDate"),
            Form.DayOrNull(r.WithdrawalDate, $"records[{i}].withdrawalDate"),
            r.Source.Length > 0 ? Form.Text(r.Source, $"records[{i}].source", SourceLimit) : source))]);
        return ImportAsync(request, context, from, import.Records.Length, state => Importing.MemberStates(state, import), state => import.Records.Count(state.Reference.MemberStates.Contains));
    }

    /// <inheritdoc/>
    public override Task<Proto.ImportReply> ImportPopulations(Proto.ImportPopulationsRequest request, ServerCallContext context)
    {
        var from = Form.Day(request.ValidFrom, "validFrom");
        var source = Form.Text(request.Source, "source", SourceLimit, required: true);
        var rows = Rows(request.Csv, request.Records, ["memberState", "population"], ["share"], row => new Proto.Population { MemberState = row["memberState"], Population_ = row.Number("population") });
        var table = new PopulationTable(
            request.Year == 0 ? from.Year : request.Year is >= 1958 and <= 9999 ? request.Year : throw FormErrors.Invalid("year", "a year between 1958 and 9999."),
            from, request.Derived, source, request.PublishedTotal == 0 ? null : request.PublishedTotal,
            [.. rows.Select((r, i) => new Voting.Member(Form.MemberState(r.MemberState, $"records[{i}].memberState"), r.Population_))]);
        return ImportAsync(
            request, context, from, table.Rows.Length, state => Importing.Populations(state, new PopulationsImported(table)),
            state => state.Reference.Tables.FirstOrDefault(t => t.ValidFrom == from) is { } known ? table.Rows.Count(known.Rows.Contains) : 0);
    }

    /// <inheritdoc/>
    public override Task<Proto.ImportReply> ImportLegalBases(Proto.ImportLegalBasesRequest request, ServerCallContext context)
    {
        var from = Form.Day(request.ValidFrom, "validFrom");
        var source = Form.Text(request.Source, "source", SourceLimit, required: true);
        var rows = Rows(request.Csv, request.Records, ["id", "title", "article", "institution", "rule", "initiatives"], ["militaryExcluded", "brake", "conditions", "validTo", "source"], row =>
        {
            var basis = new Proto.LegalBasis
            {
                Id = row["id"],
                Title = row["title"],
                Article = row["article"],
                Institution = row.Value<Proto.Institution.Types.Value>("institution"),
                Rule = row.Value<Proto.Rule.Types.Value>("rule"),
                MilitaryExcluded = row.Truth("militaryExcluded"),
                Brake = row.Truth("brake"),
                Conditions = row["conditions"],
                ValidTo = row["validTo"],
                Source = row["source"],
            };
            basis.Initiatives.Add(row.Values<Proto.Initiative.Types.Value>("initiatives"));
            return basis;
        });
        var import = new LegalBasesImported(from, source, [.. rows.Select((r, i) => new LegalBasisRecord(
            Form.Text(r.Id, $"records[{i}].id", 64, required: true),
            Form.Text(r.Title, $"records[{i}].title", 300, required: true),
            Form.Text(r.Article, $"records[{i}].article", 200, required: true),
            Names.Read<Proto.Institution.Types.Value, Institution>(r.Institution, $"records[{i}].institution"),
            Names.Read<Proto.Rule.Types.Value, Voting.Rule>(r.Rule, $"records[{i}].rule"),
            [.. r.Initiatives.Select(x => Names.Read<Proto.Initiative.Types.Value, Initiative>(x, $"records[{i}].initiatives")).Distinct()],
            r.MilitaryExcluded, r.Brake,
            Form.Text(r.Conditions, $"records[{i}].conditions", 1_000),
            from,
            Form.DayOrNull(r.ValidTo, $"records[{i}].validTo"),
            r.Source.Length > 0 ? Form.Text(r.Source, $"records[{i}].source", SourceLimit) : source))]);
        return ImportAsync(
            request, context, from, import.Records.Length, state => Importing.LegalBases(state, import),
            state => import.Records.Count(r => state.Reference.LegalBases.Any(k => k with { Initiatives = r.Initiatives } == r && k.Initiatives.SequenceEqual(r.Initiatives))));
    }

    /// <inheritdoc/>
    public override Task<Proto.ImportReply> ImportOptOuts(Proto.ImportOptOutsRequest request, ServerCallContext context)
    {
        var from = Form.Day(request.ValidFrom, "validFrom");
        var source = Form.Text(request.Source, "source", SourceLimit, required: true);
        var rows = Rows(request.Csv, request.Records, ["memberState", "legalBasis", "scope", "reason"], ["validFrom", "validTo", "source"], row => new Proto.OptOut
        {
            MemberState = row["memberState"],
            LegalBasis = row["legalBasis"],
            Scope = row["scope"],
            Reason = row["reason"],
            ValidFrom = row["validFrom"],
            ValidTo = row["validTo"],
            Source = row["source"],
        });
        var import = new OptOutsImported(from, source, [.. rows.Select((r, i) => new OptOutRecord(
            Form.MemberState(r.MemberState, $"records[{i}].memberState"),
            Form.Text(r.LegalBasis, $"records[{i}].legalBasis", 64, required: true),
            r.Scope switch { "ALL" => OptOutScope.All, "MILITARY_OR_DEFENCE" => OptOutScope.MilitaryOrDefence, _ => throw FormErrors.Invalid($"records[{i}].scope", "ALL or MILITARY_OR_DEFENCE.") },
            Form.Text(r.Reason, $"records[{i}].reason", 500, required: true),
            Form.Day(r.ValidFrom, $"records[{i}].validFrom", from),
            Form.DayOrNull(r.ValidTo, $"records[{i}].validTo"),
            r.Source.Length > 0 ? Form.Text(r.Source, $"records[{i}].source", SourceLimit) : source))]);
        return ImportAsync(request, context, from, import.Records.Length, state => Importing.OptOuts(state, import), state => import.Records.Count(state.Reference.OptOuts.Contains));
    }

    private static Proto.LegalBasis View(LegalBasisRecord record)
    {
        var view = new Proto.LegalBasis
        {
            Id = record.Id,
            Title = record.Title,
            Article = record.Article,
            Institution = Names.Map<Institution, Proto.Institution.Types.Value>(record.Institution),
            Rule = Names.Map<Voting.Rule, Proto.Rule.Types.Value>(record.Rule),
            MilitaryExcluded = record.MilitaryExcluded,
            Brake = record.Brake,
            Conditions = record.Conditions,
            ValidFrom = Views.Day(record.ValidFrom),
            ValidTo = Views.Day(record.ValidTo),
            Source = record.Source,
        };
        view.Initiatives.Add(record.Initiatives.Select(Names.Map<Initiative, Proto.Initiative.Types.Value>));
        return view;
    }

    private static IReadOnlyList<T> Rows<T>(ByteString csv, IReadOnlyList<T> records, string[] required, string[] optional, Func<CsvRow, T> read)
    {
        if (!csv.IsEmpty && records.Count > 0)
        {
            throw FormErrors.Invalid("csv", "give records or a CSV file, not both.");
        }
        var rows = csv.IsEmpty ? records : [.. CsvForm.Read(csv, required, optional).Take(Importing.RecordsMax + 1).Select(read)];
        return rows.Count <= Importing.RecordsMax ? rows : throw FormErrors.TooMany("records", Importing.RecordsMax, rows.Count);
    }

    /// <summary>Imports under the executor; what was unchanged is told by the state the decision was made on.</summary>
    private Task<Proto.ImportReply> ImportAsync(IMessage request, ServerCallContext context, DateOnly from, int records, Func<DecisionsState, Verdict> decide, Func<DecisionsState, int> known)
    {
        var unchanged = 0;
        return commands.ExecuteAsync(
            context,
            request,
            (state, _) =>
            {
                unchanged = known(state);
                return decide(state);
            },
            (_, rows) => new Proto.ImportReply
            {
                Imported = rows.Count == 0 ? 0 : records - unchanged,
                Unchanged = rows.Count == 0 ? records : unchanged,
                ValidFrom = from.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                Position = rows.Count == 0 ? 0 : rows[^1].Position,
            });
    }

    private async Task<ReferenceState> ReferenceAsync(ServerCallContext context) => (await commands.ReadAsync(context)).State.Reference;

    private DateOnly Day(string date) => Form.Day(date, "date", DueDates.DayOf(clock.GetUtcNow()));
}
