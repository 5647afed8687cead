using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using ExternalAction.Sanctions.Domain.Screening;

namespace ExternalAction.Sanctions.Tests.Screening;

/// <summary>
/// A record of a screening names the version of the scorer, so that a replay can say why its result differs. That holds only if no score
/// changes under the same version: engine-scores.txt has, for each version there was, a hash of thousands of scores of labelled pairs, of
/// queries against the whole list and of attributes. A line never changes. After a change of scores, raise
/// <see cref="ScreeningEngine.Version"/> and append its line: UPDATE_SCORES=1 dotnet test tests/Sanctions.Tests --filter ScoresAndVersion
/// </summary>
public sealed class ScoresAndVersion
{
    private static readonly ScreenedEntity[] _subjects =
    [
        new("p", SubjectType.Person, [new ScreenedName("1", "Ivan Petrovich SIDOROV"), new ScreenedName("2", "Vanya", Strong: false)], [Gender.Male],
            [new BirthDate(1960, 5, 17), new BirthDate(null, Circa: true, YearFrom: 1958, YearTo: 1962)], ["RU", "BY"], [new Identifier("passport", "4510123456", "RU"), new Identifier("inn", "500100732259", "RU")], ["Tverskaya 1, Moskva"]),
        new("e", SubjectType.Enterprise, [new ScreenedName("1", "Green Energy Trading Ltd"), new ScreenedName("2", "GET")], [], [], ["CY"], [new Identifier("lei", "529900T8BM49AURSDO55", ""), new Identifier("regnumber", "HE 12345", "CY")], ["Limassol"]),
        new("v", SubjectType.Vessel, [new ScreenedName("1", "OCEAN PRIDE")], [], [], ["PA"], [new Identifier("imo", "9074729", "")], []),
    ];

    private static readonly ScreeningQuery[] _questions =
    [
        .. from birth in new BirthDate?[] { null, new(1960, 5, 17), new(1960), new(1960, 5), new(1961, 5, 17), new(1975), new(1958, Circa: true) }
           from country in new[] { "", "RU", "CY", "US" }
           from gender in new[] { Gender.Unknown, Gender.Male, Gender.Female }
           select new ScreeningQuery(["Ivan Sidorov", "Vanya"], SubjectType.Person, birth, gender, country.Length > 0 ? [country] : []),
        .. from identifier in new[] { new Identifier("passport", "4510123456", "RU"), new Identifier("inn", "500100732259", "RU"), new Identifier("inn", "7707083893", "RU"), new Identifier("lei", "529900T8BM49AURSDO55", ""), new Identifier("imo", "9074729", ""), new Identifier("imo", "9074731", ""), new Identifier("regnumber", "HE12345", "CY") }
           from name in new[] { "Ivan Sidorov", "Green Energy", "Ocean Pride", "Somebody Else" }
           select new ScreeningQuery([name], Identifiers: [identifier], Addresses: ["Tverskaya 1, Moskva"]),
    ];

    [Fact]
    public void A_score_changes_only_with_the_version_of_the_scorer()
    {
        var now = $"{ScreeningEngine.Version} {HashOfScores()}";
        var known = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Screening", "engine-scores.txt"));
        if (Environment.GetEnvironmentVariable("UPDATE_SCORES") == "1" && !known.Any(line => line.StartsWith(ScreeningEngine.Version + " ", StringComparison.Ordinal)))
        {
            File.WriteAllLines(Source(), [.. known, now]);
            return;
        }
        Assert.True(known.LastOrDefault() == now, $"Scores are not those of {known.LastOrDefault()}, but {now}. Raise ScreeningEngine.Version, then: UPDATE_SCORES=1 dotnet test tests/Sanctions.Tests --filter ScoresAndVersion");
    }

    [Fact]
    public void A_version_is_never_given_twice()
    {
        var versions = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Screening", "engine-scores.txt")).Select(line => line.Split(' ')[0]).ToList();
        Assert.Distinct(versions);
        var numbers = versions.Select(v => int.Parse(v.AsSpan("names@".Length), CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(numbers.Order(), numbers);
    }

    private static string HashOfScores()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        void Add(string key, decimal score) => hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{key} {score:0.0000}\n")));

        // 1. Names against names.
        foreach (var file in (string[])["eu_cross_script", "eu_latin_variants"])
        {
            foreach (var row in RealList.Rows($"pairs/{file}.csv"))
            {
                Add("", NameComparer.Compare(row[1] == "person" ? SubjectType.Person : SubjectType.Enterprise, row[2], row[3]).Score);
            }
        }

        // 2. Names against the whole list: which, how near, in which order.
        var options = new MatchOptions(ScreeningProfile.Onboarding, 0.3m, 20);
        foreach (var query in RealList.Rows("queries/eu_positive.csv").Where((_, i) => i % 4 == 0).Select(r => r[1]).Concat(RealList.Rows("queries/negatives_2000.csv").Where((_, i) => i % 4 == 0).Select(r => r[0])))
        {
            foreach (var hit in RealList.Index.Match(new ScreeningQuery([query]), options))
            {
                Add(hit.EntityId, hit.Score);
            }
        }

        // 3. Attributes.
        var few = ScreeningIndex.Build(_subjects);
        foreach (var question in _questions)
        {
            foreach (var hit in few.Match(question, options))
            {
                Add(hit.EntityId, hit.Score);
            }
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static string Source([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "engine-scores.txt");
}
