using System.Collections.Immutable;
using System.Globalization;
using System.IO.Compression;
using ExternalAction.Journal;
using ExternalAction.Sanctions.Domain;
using ExternalAction.Sanctions.Domain.Lists;
using ExternalAction.Sanctions.Domain.Screening;
using ExternalAction.Sanctions.Files;
using Listed = ExternalAction.Sanctions.Domain.Lists;

namespace ExternalAction.Sanctions.Screening;

/// <summary>
/// A service that has just started compiles its code and reads its vocabularies while it works, which makes the first import three times as long as
/// any other. Therefore a list of invented subjects goes the way of a real one a few times, in memory, while nobody waits: written as a file,
/// read, compared with an empty list, encoded and folded as rows, indexed, amended, screened. Nothing of it is recorded or kept.
/// </summary>
internal static class Rehearsal
{
    private const int Subjects = 120;
    private const int Times = 10;

    /// <summary>The runtime compiles anew what has been called often, once a tenth of a second has brought nothing new.</summary>
    private static readonly TimeSpan _between = TimeSpan.FromMilliseconds(250);

    private static readonly string[] _given = ["Ivan Petrovich", "Aleksandr", "Anna Sergeevna", "Mohammad Reza", "Abd al-Rahman", "Kim Chol", "José María", "Фёдор Иванович", "Ольга", "محمد علي", "عبد الله"];
    private static readonly string[] _family = ["SIDOROV", "Müller", "al-Husseini", "O'Brien", "Nguyen", "Šimić", "Kovalenko", "Петренко", "Смирнова", "الحسن", "جعفري", "Papadopoulos", "Okonkwo"];
    private static readonly string[] _company = ["Northern Star", "Volga Machine", "Al Noor", "Искра", "النور", "Zvezda-2", "Global Ocean"];
    private static readonly string[] _trade = ["Trading LLC", "Shipping Company Ltd", "Bank", "Завод ООО", "شركة", "Industries Group JSC"];

    private static readonly CancellationTokenSource _earnest = new();
    private static int _begun;

    /// <summary>Runs it as often as it takes; once in a process, however many services live in it.</summary>
    /// <param name="import">Whether an import is to be expected: a service with lists is seldom given whole ones, and its memory need not hold the code for one.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task RunAsync(bool import, CancellationToken cancellation)
    {
        if (Interlocked.Exchange(ref _begun, 1) == 1)
        {
            return;
        }
        await RepeatAsync(import ? Times : 1, import, cancellation);
    }

    /// <summary>Ends it, or keeps it from beginning: a real file has come, and it needs the cores.</summary>
    public static void End() => _earnest.Cancel();

    /// <summary>It, so many times.</summary>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    internal static async Task RepeatAsync(int times, bool import, CancellationToken cancellation)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _earnest.Token);
        for (var time = 0; time < times; time++)
        {
            Screen(import ? await ImportAsync(ended.Token) : SanctionsState.Empty);
            await Task.Delay(_between, ended.Token);
        }
    }

    /// <summary>The list, imported.</summary>
    internal static async Task<SanctionsState> ImportAsync(CancellationToken cancellation)
    {
        // 1. A file, and what it would change.
        using var bytes = new MemoryStream();
        await using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
        {
            await ListFileWriter.WriteAsync(gzip, new ListHeader(ListFormat.FsfXml, DateTimeOffset.UnixEpoch, "0"), Enumerable.Range(1, Subjects).Select(Subject), cancellation: cancellation);
        }
        bytes.Position = 0;
        var state = SanctionsState.Empty;
        var file = ListFileReader.Read(bytes, ReadOptions.Default with { KnownProgramme = _ => true }, cancellation);
        var header = new ListImported(SanctionsState.Eu, file.Header.GeneratedAt, DayOnly: false, "", 0, 0, 0, 0, 0);
        var import = Comparing.Compare(state, header, current => file.CompletedFrom(current).Entries, file.Rejected, force: false);

        // 2. Its rows.
        var position = 0L;
        foreach (var happened in Importing.Import(state, import).Events)
        {
            var (type, payload) = SanctionsJournal.Definition.Codec.Encode(happened);
            state = state.Evolve(SanctionsJournal.Definition.Codec.Decode(type, payload), new Stamp(++position, "", DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch));
        }
        return state;
    }

    /// <summary>The list, screened as it is and after one more listing. Gives what was found.</summary>
    internal static ImmutableArray<ScreeningHit> Screen(SanctionsState state)
    {
        var index = ScreeningList.Of(state, SanctionsState.Eu).Index;
        var found = ImmutableArray.CreateBuilder<ScreeningHit>();
        for (var i = 0; i < Subjects; i += Subjects / 20)
        {
            var options = new MatchOptions(ScreeningProfile.Onboarding);
            found.AddRange(index.Match(new ScreeningQuery([$"{_given[i % _given.Length]} {_family[(i + 3) % _family.Length]}"], Domain.Screening.SubjectType.Person), options));
            found.AddRange(index.Match(new ScreeningQuery([$"{_company[i % _company.Length]} {_trade[(i + 1) % _trade.Length]}"], Domain.Screening.SubjectType.Enterprise), options));
        }
        var next = index.With(new ScreeningDelta([new ScreenedEntity("later", Domain.Screening.SubjectType.Person, [new ScreenedName("", "Sergei SIDOROV")])], []));
        found.AddRange(next.Match(new ScreeningQuery(["Serge Sidorow"], Domain.Screening.SubjectType.Person), new MatchOptions(ScreeningProfile.Payments)));
        return found.ToImmutable();
    }

    private static Entry Subject(int number)
    {
        var text = number.ToString(CultureInfo.InvariantCulture);
        var day = new DateOnly(1950 + (number % 50), 1 + (number % 12), 1 + (number % 28));
        var act = new ActSummary { Type = "amendment", PublicationDate = day, NumberTitle = $"{number % 40}/2020 (OJ L{number % 9})", PublicationUrl = "https://eur-lex.europa.eu/" };
        var country = new Country("00", "UNKNOWN");
        var isPerson = number % 4 > 0;
        return new Entry
        {
            Key = text,
            EuReferenceNumber = $"EU.{text}.1",
            DesignationDate = day,
            SubjectType = isPerson ? Listed.SubjectType.Person : Listed.SubjectType.Enterprise,
            Remarks = [$"Remark {text}"],
            Regulations = [new Regulation { Type = act.Type, OrganisationType = "council", PublicationDate = day, EntryIntoForceDate = day, NumberTitle = act.NumberTitle, Programme = "UKR", PublicationUrl = act.PublicationUrl, LogicalId = number }],
            Names = [.. Enumerable.Range(0, 5).Select(n => isPerson
                ? Name(_given[(number + n) % _given.Length], _family[((number * 5) + n) % _family.Length])
                : Name("", $"{_company[(number + n) % _company.Length]} {text} {_trade[((number * 5) + n) % _trade.Length]}"))],
            Citizenships = [new Citizenship { Country = country, LogicalId = number, Act = act, RegulationLanguage = "en" }],
            BirthDates = [new Listed.BirthDate { Date = day, Day = day.Day, Month = day.Month, Year = day.Year, City = $"City {number % 30}", Country = country, LogicalId = number, Act = act, RegulationLanguage = "en" }],
            Addresses = [new Address { Street = $"{text} Street", City = $"City {number % 30}", Country = country, LogicalId = number, Act = act, RegulationLanguage = "en", Remarks = ["Address"] }],
            Identifications = [new Identification { TypeCode = "passport", TypeDescription = "National passport", Number = $"P{number:0000000}", Country = country, LogicalId = number, Act = act, RegulationLanguage = "en" }],
        };

        Name Name(string given, string family) => new()
        {
            First = given,
            Last = family,
            Whole = $"{given} {family}".Trim(),
            Function = $"Function {number % 25}",
            Gender = "M",
            LogicalId = number,
            Act = act,
            RegulationLanguage = "en",
        };
    }
}
