using System.Globalization;
using ExternalAction.Sanctions.Domain;
using ExternalAction.Sanctions.Domain.Lists;
using ExternalAction.Sanctions.Domain.Screening;
using Screened = ExternalAction.Sanctions.Domain.Screening;

namespace ExternalAction.Sanctions.Screening;

/// <summary>A listing as the screening engine takes it: names, births, countries, numbers, addresses, and nothing of the law.</summary>
internal static class ScreenedEntities
{
    /// <summary>The subject of a listing.</summary>
    public static ScreenedEntity Of(Listing listing)
    {
        var entry = listing.Entry;
        return new ScreenedEntity(
            listing.Id,
            TypeOf(entry.SubjectType),
            [.. entry.Names.Where(n => n.Text.Length > 0).Select((n, i) => new ScreenedName(i.ToString(CultureInfo.InvariantCulture), n.Text, ScreenedName.FamilyOf(n.First, n.Middle, n.Last), n.Language, !n.IsWeak))],
            [.. entry.Names.Select(n => n.Gender).Distinct().Select(g => g switch { "M" => Gender.Male, "F" => Gender.Female, _ => Gender.Unknown }).Where(g => g != Gender.Unknown)],
            [.. entry.BirthDates.Select(BirthOf).OfType<Screened.BirthDate>()],
            [.. entry.Citizenships.Select(c => c.Country).Concat(entry.BirthDates.Select(b => b.Country)).Concat(entry.Addresses.Select(a => a.Country))
                .Select(c => c.Code).Where(c => c.Length == 2 && c != "00").Select(CountryCode).Distinct(StringComparer.Ordinal)],
            [.. entry.Identifications.Where(i => i.Number.Length > 0 && !i.KnownFalse).Select(i => new Identifier(i.TypeCode, i.Number, i.Country.Code == "00" ? "" : CountryCode(i.Country.Code)))],
            [.. entry.Addresses.Select(a => string.Join(", ", new[] { a.Street, a.City, a.Region, a.Place }.Where(p => p.Length > 0))).Where(a => a.Length > 0)]);
    }

    /// <summary>A country's code as ISO 3166-1 has it, capital letters; the Union's institutions write EL and UK (Interinstitutional Style Guide, annex A5).</summary>
    public static string CountryCode(string code) => code.ToUpperInvariant() switch { "EL" => "GR", "UK" => "GB", var iso => iso };

    /// <summary>A kind of subject, as the engine knows it.</summary>
    public static Screened.SubjectType TypeOf(Domain.Lists.SubjectType type) => type switch
    {
        Domain.Lists.SubjectType.Person => Screened.SubjectType.Person,
        Domain.Lists.SubjectType.Vessel => Screened.SubjectType.Vessel,
        Domain.Lists.SubjectType.Aircraft => Screened.SubjectType.Aircraft,
        _ => Screened.SubjectType.Enterprise,
    };

    /// <summary>The date in the calendar it was given in; a full Gregorian day, where there is one, says most.</summary>
    private static Screened.BirthDate? BirthOf(Domain.Lists.BirthDate birth) => birth switch
    {
        { YearFrom: { } from } => new(null, Circa: birth.Circa, YearFrom: from, YearTo: birth.YearTo ?? from),
        { YearTo: { } to } => new(null, Circa: birth.Circa, YearFrom: to, YearTo: to),
        { Date: { } day } => new(day.Year, day.Month, day.Day, birth.Circa),
        { Year: { } year } => new(year, birth.Month, birth.Day, birth.Circa, Calendar: birth.Calendar == Domain.Lists.BirthCalendar.Islamic ? Screened.BirthCalendar.Islamic : Screened.BirthCalendar.Gregorian),
        _ => null,
    };
}
