using System.Collections.Immutable;
using ExternalAction.Sanctions.Domain.Screening;

namespace ExternalAction.Sanctions.Tests.Screening;

/// <summary>A list screened: attributes, weak aliases, identifiers, deltas, bad input.</summary>
public sealed class ScreeningIndexTests
{
    private static readonly MatchOptions Options = new(ScreeningProfile.Payments, 0.30m);

    private static ScreenedEntity Someone(string id, string name, bool strong = true, BirthDate? birth = null, params string[] countries) =>
        new(id, SubjectType.Person, [new ScreenedName(id + "-1", name, Language: "EN", Strong: strong)], default, birth is null ? [] : [birth], [.. countries]);

    private static ScreeningHit? Screen(ScreenedEntity entity, ScreeningQuery query) => ScreeningIndex.Build([entity]).Match(query, Options).FirstOrDefault();

    private static decimal Born(BirthDate listed, string asked) =>
        Screen(Someone("1", "Viktor SHEYMAN", birth: listed), new ScreeningQuery(["Viktor Sheyman"], SubjectType.Person, BirthDate.Parse(asked)))?.Score ?? 0;

    [Fact]
    public void Birth_dates_are_graded()
    {
        var listed = new BirthDate(1958, 5, 12);
        decimal[] grades = [Born(listed, "1958-05-12"), Born(listed, "1958-12-05"), Born(listed, "1958"), Born(new BirthDate(1957, Circa: true), "1958-05-12"), Born(listed, ""), Born(listed, "1959-01-01"), Born(listed, "1963-01-01"), 0.3m];
        Assert.Equal(grades.OrderDescending(), grades);
        Assert.Equal(grades.Length, grades.Distinct().Count());
        Assert.Null(Screen(Someone("1", "Viktor SHEYMAN", birth: listed), new ScreeningQuery(["Viktor Sheyman"], SubjectType.Person, new BirthDate(1980))) is { Score: > 0.6m } tooMuch ? tooMuch : null);
    }

    [Fact]
    public void Ranges_and_the_Islamic_calendar_are_understood()
    {
        Assert.True(Born(new BirthDate(null, YearFrom: 1955, YearTo: 1960), "1958-05-12") > Born(new BirthDate(null, YearFrom: 1970, YearTo: 1975), "1958-05-12"));
        // 1 Muharram 1400 of the civil Islamic calendar is 21 November 1979
        Assert.Equal(Born(new BirthDate(1979, 11, 21), "1979-11-21"), Born(new BirthDate(1400, 1, 1, Calendar: BirthCalendar.Islamic), "1979-11-21"));
    }

    [Fact]
    public void All_listed_birth_dates_count()
    {
        ScreenedEntity entity = Someone("1", "Viktor SHEYMAN") with { BirthDates = [new BirthDate(1930), new BirthDate(1958, 5, 12)] };
        Assert.Contains(Screen(entity, new ScreeningQuery(["Viktor Sheyman"], SubjectType.Person, new BirthDate(1958, 5, 12)))!.Evidence, e => e is { Kind: "birthDate", Effect: "for" });
    }

    [Theory]
    [InlineData("1958-02-30")]
    [InlineData("1958-13-01")]
    [InlineData("yesterday")]
    [InlineData("0000-01-01")]
    public void Dates_that_do_not_exist_are_no_dates(string text) => Assert.Null(BirthDate.Parse(text));

    [Fact]
    public void Country_and_gender_move_the_score()
    {
        ScreenedEntity entity = Someone("1", "Viktor SHEYMAN", countries: "BY") with { Genders = [Gender.Male] };
        decimal plain = Screen(entity, new ScreeningQuery(["Viktor Sheyman"], SubjectType.Person))!.Score;
        Assert.True(Screen(entity, new ScreeningQuery(["Viktor Sheyman"], SubjectType.Person, Countries: ["BY"]))!.Score > plain);
        Assert.True(Screen(entity, new ScreeningQuery(["Viktor Sheyman"], SubjectType.Person, Countries: ["FR"]))!.Score < plain);
        Assert.True(Screen(entity, new ScreeningQuery(["Viktor Sheyman"], SubjectType.Person, Gender: Gender.Female))!.Score < plain);
    }

    [Fact]
    public void A_weak_alias_matches_in_full_only_and_is_capped()
    {
        ScreenedEntity weak = Someone("1", "Daniel Mohammad Zarkani", strong: false, birth: new BirthDate(1958, 5, 12));
        ScreeningHit full = Screen(weak, new ScreeningQuery(["Daniel Mohammad Zarkani"], SubjectType.Person, new BirthDate(1958, 5, 12)))!;
        Assert.True(full.Score is > 0.6m and <= 0.80m, $"{full.Score}");
        Assert.Contains(full.Evidence, e => e.Kind == "weakAlias");
        decimal part = Screen(weak, new ScreeningQuery(["Daniel Zarkani"], SubjectType.Person))?.Score ?? 0;
        Assert.True(part < Screen(weak with { Names = [weak.Names[0] with { Strong = true }] }, new ScreeningQuery(["Daniel Zarkani"], SubjectType.Person))!.Score);
    }

    [Fact]
    public void Another_number_of_a_kind_that_a_subject_has_one_of_speaks_against_it()
    {
        var vessel = new ScreenedEntity("v", SubjectType.Vessel, [new ScreenedName("n", "SEA JADE")], Identifiers: [new Identifier("imo", "9074729")]);
        var company = new ScreenedEntity("c", SubjectType.Enterprise, [new ScreenedName("m", "Volga Turbo Works")], Identifiers: [new Identifier("fiscalcode", "7707083893", "RU"), new Identifier("passport", "AB123456", "RU")]);
        ScreeningHit Found(ScreenedEntity entity, params Identifier[] asked) =>
            ScreeningIndex.Build([entity]).Match(new ScreeningQuery([entity.Names[0].Text], entity.Type, Identifiers: [.. asked]), Options)[0];
        decimal ship = Found(vessel).Score, works = Found(company).Score;
        ScreeningHit other = Found(vessel, new Identifier("imo", "9187629"));
        Assert.True(other.Score < ship);
        Assert.Contains(other.Evidence, e => e is { Kind: "identifier", Effect: "against" });
        Assert.True(Found(company, new Identifier("inn", "5003052454", "RU")).Score < works);

        // Mistyped, of another country, or a document that is renewed: that says nothing.
        Assert.Equal(ship, Found(vessel, new Identifier("imo", "9187628")).Score);
        Assert.Equal(works, Found(company, new Identifier("taxid", "5003052454", "BY")).Score);
        Assert.Equal(works, Found(company, new Identifier("passport", "CD999999", "RU")).Score);
    }

    [Fact]
    public void An_identifier_finds_its_owner_under_any_name()
    {
        var vessel = new ScreenedEntity("v", SubjectType.Vessel, [new ScreenedName("n", "SEA JADE")], Identifiers: [new Identifier("imo", "9074729")]);
        ScreeningHit hit = ScreeningIndex.Build([vessel]).Match(new ScreeningQuery(["OCEAN PEARL"], SubjectType.Vessel, Identifiers: [new Identifier("IMO", "IMO 9074729")]), Options)[0];
        Assert.Equal((1.0000m, ScreeningBand.Alert), (hit.Score, hit.Band));
        Assert.Equal("identifier", hit.Evidence[0].Kind);
    }

    [Fact]
    public void A_number_that_fails_its_check_digit_is_not_certain()
    {
        var vessel = new ScreenedEntity("v", SubjectType.Vessel, [new ScreenedName("n", "SEA JADE")], Identifiers: [new Identifier("imo", "9074728")]);
        Assert.True(ScreeningIndex.Build([vessel]).Match(new ScreeningQuery([], SubjectType.Vessel, Identifiers: [new Identifier("imo", "9074728")]), Options)[0].Score < 1m);
    }

    [Theory]
    [InlineData("008827", true)]
    [InlineData("0008827", true)]
    [InlineData("8827", false)]
    public void A_listed_number_with_leading_zeros_is_found_and_a_short_one_finds_nobody(string asked, bool found)
    {
        // EU.13621.86 has such a passport: six digits are enough to find somebody by, four are not.
        ScreenedEntity entity = Someone("1", "Viktor SHEYMAN") with { Identifiers = [new Identifier("passport", "008827")] };
        Assert.Equal(found, Screen(entity, new ScreeningQuery(["Nobody Alike"], SubjectType.Person, Identifiers: [new Identifier("passport", asked)])) is not null);
    }

    [Fact]
    public void The_same_number_of_another_country_is_another_passport()
    {
        ScreenedEntity entity = Someone("1", "Viktor SHEYMAN") with { Identifiers = [new Identifier("passport", "AB 123456", "BY")] };
        ScreeningIndex index = ScreeningIndex.Build([entity]);
        Assert.Empty(index.Match(new ScreeningQuery(["Completely Different"], SubjectType.Person, Identifiers: [new Identifier("passport", "AB123456", "FR")]), Options));
        Assert.Single(index.Match(new ScreeningQuery(["Completely Different"], SubjectType.Person, Identifiers: [new Identifier("passport", "AB-123456", "BY")]), Options));
    }

    [Fact]
    public void A_delta_adds_replaces_and_removes()
    {
        ScreeningIndex first = ScreeningIndex.Build([Someone("1", "Viktor SHEYMAN"), Someone("2", "Oleg KARAZEJ")]);
        ScreeningIndex next = first.With(new ScreeningDelta([Someone("2", "Boris LOZHKIN"), Someone("3", "Artysh SATUROV")], ["1"]));
        Assert.Equal(2, next.EntityCount);
        Assert.Equal("2", Assert.Single(next.Match(new ScreeningQuery(["Boris Lozhkin"], SubjectType.Person), Options)).EntityId);
        Assert.Equal("3", Assert.Single(next.Match(new ScreeningQuery(["Artysh Saturov"], SubjectType.Person), Options)).EntityId);
        Assert.Empty(next.Match(new ScreeningQuery(["Viktor Sheyman"], SubjectType.Person), Options));
        Assert.Empty(next.Match(new ScreeningQuery(["Oleg Karazej"], SubjectType.Person), Options));
        Assert.Single(first.Match(new ScreeningQuery(["Viktor Sheyman"], SubjectType.Person), Options));
    }

    [Fact]
    public void Many_deltas_end_in_the_same_answers_as_one_build()
    {
        ImmutableArray<ScreenedEntity> all = [.. Enumerable.Range(0, 400).Select(i => Someone($"{i}", $"Viktor SHEYMAN{(char)('a' + (i % 26))}{(char)('a' + (i / 26))}"))];
        ScreeningIndex grown = all.Aggregate(ScreeningIndex.Empty, (index, e) => index.With(new ScreeningDelta([e], [])));
        var query = new ScreeningQuery(["Viktor SHEYMANcb"], SubjectType.Person);
        Assert.Equal(ScreeningIndex.Build(all).Match(query, Options).Select(h => (h.EntityId, h.Score)), grown.Match(query, Options).Select(h => (h.EntityId, h.Score)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("A")]
    [InlineData("CORP")]
    [InlineData("Ltd")]
    public void Too_little_to_search_for_finds_nobody(string name) =>
        Assert.Empty(ScreeningIndex.Build([new ScreenedEntity("1", SubjectType.Enterprise, [new ScreenedName("n", "11420 CORP. Ltd")])]).Match(new ScreeningQuery([name]), Options));

    [Fact]
    public void Hits_carry_the_name_that_matched()
    {
        var entity = new ScreenedEntity("1", SubjectType.Person, [new ScreenedName("a", "Sergei SHOIGU", Language: "EN"), new ScreenedName("b", "Сергей ШОЙГУ", Language: "RU")]);
        Assert.Equal("b", ScreeningIndex.Build([entity]).Match(new ScreeningQuery(["Сергей Шойгу"]), Options)[0].Matched.Id);
    }

    [Fact]
    public void Two_entities_of_one_id_are_refused() => Assert.Throws<ArgumentException>(() => ScreeningIndex.Build([Someone("1", "A B"), Someone("1", "C D")]));
}
