using System.Collections.Immutable;
using System.Globalization;
using ExternalAction.Contracts.Sanctions.V1;
using ExternalAction.Journal;
using ExternalAction.Sanctions.Domain;
using ExternalAction.Sanctions.Domain.Screening;
using ExternalAction.Sanctions.Queries;
using ExternalAction.Sanctions.Records;
using ExternalAction.Sanctions.Screening;
using ExternalAction.ServiceDefaults;
using Google.Protobuf.Collections;
using Grpc.Core;
using Proto = ExternalAction.Contracts.Sanctions.V1;
using Screened = ExternalAction.Sanctions.Domain.Screening;

namespace ExternalAction.Sanctions.Grpc;

/// <summary>Screens names: reads the request, asks the engine on one version of each list, and gives the answer its legal basis.</summary>
internal sealed partial class ScreeningsService(
    Journal<SanctionsState, SanctionsEvent> journal, Commands commands, PastStates pastStates, ScreeningLists lists, Recorder recorder, ScreeningTable table, ScreeningArchive archive, SealedSubjects sealedSubjects, TimeProvider clock) : Proto.Screenings.ScreeningsBase
{
    private const int SubjectsMax = 100;
    private const int NamesMax = 20;
    private const int NameLength = 5_000;
    private const int PairsMax = 1_000;

    /// <inheritdoc/>
    public override async Task<Proto.MatchReply> Match(Proto.MatchRequest request, ServerCallContext context)
    {
        if (request.Subjects.Count == 0)
        {
            throw FormErrors.Required("subjects");
        }
        var subjects = Form.List(request.Subjects, "subjects", SubjectsMax).Select((s, i) => SubjectOf(s, string.Create(CultureInfo.InvariantCulture, $"subjects[{i}]"))).ToList();
        var options = OptionsOf(request.Profile, request.Threshold, request.Limit, request.Exhaustive);
        var against = await ListsAsync(request.Lists, request.AsOf, context);
        var reply = new Proto.MatchReply { Profile = Recorder.NameOf(options.Profile) };
        var exclusions = request.AsOf.Length > 0 ? ClientExclusions.None : ExclusionsOf(context);
        var client = context.Caller().Subject;
        var records = new List<NewScreening>(subjects.Count);
        for (var i = 0; i < subjects.Count; i++)
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            var result = ScreeningResult.Of(subjects[i], options, against, exclusions.For(request.Subjects[i].Id));
            records.Add(recorder.Record(client, subjects[i], options, against, result, request.KeepQuery));
            reply.Results.Add(ResultOf(request.Subjects[i].Id, records[i].Record.Id, against, result));
        }
        await recorder.AppendAsync(records, patient: false, context.CancellationToken);
        return reply;
    }

    /// <inheritdoc/>
    public override Task<Proto.CompareReply> Compare(Proto.CompareRequest request, ServerCallContext context)
    {
        var type = ScreenedEntities.TypeOf(Names.Read<Proto.SubjectType.Types.Value, Domain.Lists.SubjectType>(request.Type, "type"));
        if (request.Pairs.Count == 0)
        {
            throw FormErrors.Required("pairs");
        }
        var reply = new Proto.CompareReply();
        foreach (var (i, pair) in Form.List(request.Pairs, "pairs", PairsMax).Index())
        {
            var comparison = NameComparer.Compare(type, Form.Text(pair.Query, $"pairs[{i}].query", NameLength), Form.Text(pair.Candidate, $"pairs[{i}].candidate", NameLength));
            var score = new Proto.PairScore { Score = Score(comparison.Score) };
            score.Evidence.Add(comparison.Evidence.Select(EvidenceOf));
            reply.Scores.Add(score);
        }
        return Task.FromResult(reply);
    }

    /// <summary>The lists asked for, each at one version; the present one, or as they were.</summary>
    private async Task<IReadOnlyList<ScreeningList>> ListsAsync(RepeatedField<string> names, string asOf, ServerCallContext context)
    {
        var wanted = names.Count == 0 ? [SanctionsState.Eu] : names.Distinct(StringComparer.Ordinal).ToList();
        if (wanted.Find(name => name is not (SanctionsState.Eu or SanctionsState.Un)) is { } unknown)
        {
            throw Errors.NoSuchList(unknown, "lists");
        }
        var current = await commands.ReadAsync(context);
        if (commands.ReadAsOf(asOf, current.Position) is { } point)
        {
            var past = (await pastStates.AtAsync(point, context.CancellationToken)).State;
            return await Task.WhenAll(wanted.Select(list => lists.PastAsync(past, list)));
        }
        return await Task.WhenAll(wanted.Select(list => lists.AtLeastAsync(current.State, list, context.CancellationToken)));
    }

    /// <summary>What the caller has excluded until now; these hits are left out and named in the answer.</summary>
    private ClientExclusions ExclusionsOf(ServerCallContext context) => new(journal.Current.State, sealedSubjects, context.Caller().Subject);

    private static Proto.MatchResult ResultOf(string id, string screeningId, IReadOnlyList<ScreeningList> against, ScreeningResult found)
    {
        var result = new Proto.MatchResult
        {
            Id = id,
            ScreeningId = screeningId,
            ListVersion = VersionOf(against),
            Statement = StatementOf(found.Hits.Count, found.Excluded.Length, against),
        };
        result.Hits.Add(found.Hits.Select(h => HitOf(h.List, h.Hit)));
        result.Excluded.Add(found.Excluded);
        return result;
    }

    /// <summary>What an answer means, in words; never a clearance.</summary>
    private static string StatementOf(int hits, int excluded, IReadOnlyList<ScreeningList> against)
    {
        var found = (hits, excluded) switch
        {
            ( > 0, _) => $"{hits} listed subject{(hits > 1 ? "s" : "")} may be meant; see the evidence of each.",
            (0, > 0) => "Nothing came near enough but what you excluded for this subject. This is not a clearance: an exclusion is your own judgement, and names may be missing, spelled in ways not foreseen, or listed since.",
            _ => "Nothing on these lists at this version came near enough. This is not a clearance: names may be missing, spelled in ways not foreseen, or listed since.",
        };
        return string.Join(' ', [found, .. against.Where(list => list.Listings.Count == 0)
            .Select(list => $"The list {list.List} names nobody at this version, so nobody on it was compared: no file of it was imported, or an empty one.")]);
    }

    private static string VersionOf(IReadOnlyList<ScreeningList> against) => string.Join(',', against.Select(list => list.Version));

    private static Proto.Hit HitOf(ScreeningList list, ScreeningHit hit)
    {
        var listing = list.Listings[hit.EntityId];
        var view = new Proto.Hit
        {
            ListingId = listing.Id,
            EuReferenceNumber = listing.Kept.EuReferenceNumber ?? "",
            List = list.List,
            Regime = listing.Regime,
            Caption = listing.Caption,
            Type = Names.Map<Domain.Lists.SubjectType, Proto.SubjectType.Types.Value>(listing.Kept.SubjectType),
            Score = Score(hit.Score),
            Band = Names.Map<ScreeningBand, Proto.Band.Types.Value>(hit.Band),
            MatchedName = hit.Matched.Text,
            MatchedLanguage = hit.Matched.Language,
            MatchedWeak = !hit.Matched.Strong,
            AliasVersion = Views.AliasVersion(listing),
        };
        view.Evidence.Add(hit.Evidence.Select(EvidenceOf));
        view.LegalBasis.Add(listing.Kept.Regulations.Select(r => Views.Of(r, listing)));
        view.Measures.Add(Views.MeasuresOf(listing));
        return view;
    }

    private static Proto.Evidence EvidenceOf(Screened.Evidence evidence) => new()
    {
        Attribute = evidence.Kind,
        Query = evidence.Query,
        Listed = evidence.Listed,
        Finding = evidence.Text,
        Effect = evidence.Effect,
    };

    internal static ScreeningQuery SubjectOf(Proto.ScreeningSubject subject, string field)
    {
        ImmutableArray<string> names = [.. Form.List(subject.Names, $"{field}.names", NamesMax).Select((n, i) => Form.Text(n, $"{field}.names[{i}]", NameLength)).Where(n => n.Length > 0)];
        ImmutableArray<Identifier> identifiers =
        [
            .. Form.List(subject.Identifiers, $"{field}.identifiers", NamesMax).Select((x, i) => new Identifier(
                Form.Text(x.Type, $"{field}.identifiers[{i}].type", 32), Form.Text(x.Value, $"{field}.identifiers[{i}].value", 100, required: true), CountryOf(x.Country, $"{field}.identifiers[{i}].country"))),
        ];
        Form.Text(subject.Id, $"{field}.id", 128);
        var query = new ScreeningQuery(
            names,
            subject.Type == Proto.SubjectType.Types.Value.Unspecified
                ? Screened.SubjectType.Unknown
                : ScreenedEntities.TypeOf(Names.Read<Proto.SubjectType.Types.Value, Domain.Lists.SubjectType>(subject.Type, $"{field}.type")),
            subject.BirthDate.Length == 0 ? null : Screened.BirthDate.Parse(subject.BirthDate) ?? throw FormErrors.Invalid($"{field}.birthDate", "YYYY, YYYY-MM or YYYY-MM-DD, a date that exists."),
            subject.Gender switch { "" => Gender.Unknown, "M" => Gender.Male, "F" => Gender.Female, _ => throw FormErrors.Invalid($"{field}.gender", "M or F.") },
            [
                .. Form.List(subject.Citizenships, $"{field}.citizenships", NamesMax).Select((c, i) => CountryOf(c, $"{field}.citizenships[{i}]")).Append(CountryOf(subject.Country, $"{field}.country"))
                    .Where(c => c.Length > 0).Distinct(StringComparer.Ordinal),
            ],
            identifiers,
            Form.Text(subject.Address, $"{field}.address", 1_000) is { Length: > 0 } address ? [address] : []);
        return CanScreen(query)
            ? query
            : throw RpcErrors.Create(SanctionsError.Types.Code.NothingToScreen, "A subject needs a name of letters or digits, or an identifier.", $"{field}.names");
    }

    private static bool CanScreen(ScreeningQuery query) => !query.Identifiers.IsEmpty || query.Names.Any(NameComparer.CanRead);

    internal static MatchOptions OptionsOf(string profile, string threshold, int limit, bool exhaustive)
    {
        var named = ScreeningProfile.Find(profile.Length == 0 ? ScreeningProfile.Payments.Name : profile)
            ?? throw RpcErrors.Create(
                SanctionsError.Types.Code.UnknownProfile, $"There is no profile '{profile}'; the profiles are {string.Join(", ", ScreeningProfile.All.Select(p => p.Name))}.", "profile");
        return new MatchOptions(named)
        {
            Threshold = threshold.Length == 0 ? null : ThresholdOf(threshold, "threshold"),
            Limit = limit == 0 ? 10 : limit is >= 1 and <= 100 ? limit : throw FormErrors.Invalid("limit", $"{limit} is not between 1 and 100."),
            Exhaustive = exhaustive,
        };
    }

    private static decimal ThresholdOf(string threshold, string field) =>
        decimal.TryParse(threshold, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value is >= 0 and <= 1
            ? value
            : throw FormErrors.Invalid(field, "a decimal between 0 and 1, such as \"0.85\".");

    private static string CountryOf(string code, string field) => code.Length switch
    {
        0 => "",
        2 when char.IsAsciiLetter(code[0]) && char.IsAsciiLetter(code[1]) => ScreenedEntities.CountryCode(code),
        _ => throw FormErrors.Invalid(field, "a country is two letters (ISO 3166-1)."),
    };

    private static string Score(decimal score) => score.ToString("0.0000", CultureInfo.InvariantCulture);
}
