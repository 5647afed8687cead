using System.Collections.Frozen;
using System.Collections.Immutable;

namespace ExternalAction.Sanctions.Files;

/// <summary>
/// The 118 columns of Financial Sanctions Files CSV 1.1: six blocks, each a prefix, its columns in order, and the attribute of
/// the XML that a column corresponds to. A row repeats the entity's columns and fills one of the other blocks.
/// </summary>
internal static class CsvColumns
{
    /// <summary>The entity, repeated in every row.</summary>
    public static Block Entity { get; } = new("Entity_",
    [
        ("LogicalId", "logicalId"), ("EU_ReferenceNumber", "euReferenceNumber"), ("UnitedNationId", "unitedNationId"), ("DesignationDate", "designationDate"),
        ("DesignationDetails", "designationDetails"), ("Remark", Remark), ("SubjectType", "classificationCode"), ("SubjectType_ClassificationCode", "code"),
        ("Regulation_Type", "regulationType"), ("Regulation_OrganisationType", "organisationType"), ("Regulation_PublicationDate", "publicationDate"),
        ("Regulation_EntryIntoForceDate", "entryIntoForceDate"), ("Regulation_NumberTitle", "numberTitle"), ("Regulation_Programme", "programme"),
        ("Regulation_PublicationUrl", "publicationUrl"),
    ]);

    /// <summary>A name.</summary>
    public static Block Name { get; } = new("NameAlias_",
    [
        ("LastName", "lastName"), ("FirstName", "firstName"), ("MiddleName", "middleName"), ("WholeName", "wholeName"), ("NameLanguage", "nameLanguage"),
        ("Gender", "gender"), ("Title", "title"), ("Function", "function"), ("LogicalId", "logicalId"), ("RegulationLanguage", "regulationLanguage"),
        ("Remark", Remark), .. Act,
    ]);

    /// <summary>An address.</summary>
    public static Block Address { get; } = new("Address_",
    [
        ("City", "city"), ("Street", "street"), ("PoBox", "poBox"), ("ZipCode", "zipCode"), ("Region", "region"), ("Place", "place"),
        ("AsAtListingTime", "asAtListingTime"), ("ContactInfo", Contact), ("CountryIso2Code", "countryIso2Code"), ("CountryDescription", "countryDescription"),
        ("LogicalId", "logicalId"), ("RegulationLanguage", "regulationLanguage"), ("Remark", Remark), .. Act,
    ]);

    /// <summary>A birth date.</summary>
    public static Block BirthDate { get; } = new("BirthDate_",
    [
        ("BirthDate", "birthdate"), ("Day", "dayOfMonth"), ("Month", "monthOfYear"), ("Year", "year"), ("YearRangeFrom", "yearRangeFrom"), ("YearRangeTo", "yearRangeTo"),
        ("Circa", "circa"), ("CalendarType", "calendarType"), ("ZipCode", "zipCode"), ("Region", "region"), ("Place", "place"), ("City", "city"),
        ("CountryIso2Code", "countryIso2Code"), ("CountryDescription", "countryDescription"), ("LogicalId", "logicalId"),
        ("RegulationLanguage", "regulationLanguage"), ("Remark", Remark), .. Act,
    ]);

    /// <summary>An identification.</summary>
    public static Block Identification { get; } = new("Identification_",
    [
        ("Number", "number"), ("Diplomatic", "diplomatic"), ("KnownExpired", "knownExpired"), ("KnownFalse", "knownFalse"), ("ReportedLost", "reportedLost"),
        ("RevokedByIssuer", "revokedByIssuer"), ("IssuedBy", "issuedBy"), ("IssuedDate", "issuedDate"), ("ValidFrom", "validFrom"), ("ValidTo", "validTo"),
        ("LatinNumber", "latinNumber"), ("NameOnDocument", "nameOnDocument"), ("TypeCode", "identificationTypeCode"),
        ("TypeDescription", "identificationTypeDescription"), ("Region", "region"), ("CountryIso2Code", "countryIso2Code"),
        ("CountryDescription", "countryDescription"), ("LogicalId", "logicalId"), ("RegulationLanguage", "regulationLanguage"), ("Remark", Remark), .. Act,
    ]);

    /// <summary>A citizenship.</summary>
    public static Block Citizenship { get; } = new("Citizenship_",
    [
        ("Region", "region"), ("CountryIso2Code", "countryIso2Code"), ("CountryDescription", "countryDescription"), ("LogicalId", "logicalId"),
        ("RegulationLanguage", "regulationLanguage"), ("Remark", Remark), .. Act,
    ]);

    /// <summary>The first column: the day the file was made, dd/mm/yyyy.</summary>
    public const string GenerationDate = "fileGenerationDate";

    /// <summary>Marks the column of remarks.</summary>
    public const string Remark = "(remark)";

    /// <summary>Marks the column of contact data.</summary>
    public const string Contact = "(contact)";

    /// <summary>Marks the columns of the act of a part, which start with this.</summary>
    public const string ActPrefix = "act.";

    /// <summary>Columns that are not part of 1.1; written only on request, read where they occur.</summary>
    public const string StrongColumn = "NameAlias_Strong";

    /// <summary>As <see cref="StrongColumn"/>: the number of the act.</summary>
    public const string RegulationIdColumn = "Entity_Regulation_LogicalId";

    /// <summary>The blocks of parts, in the order of their columns.</summary>
    public static ImmutableArray<Block> Parts { get; } = [Name, Address, BirthDate, Identification, Citizenship];

    /// <summary>All 118 column names in order.</summary>
    public static ImmutableArray<string> Header { get; } =
        [GenerationDate, .. Entity.Names, .. Parts.SelectMany(block => block.Names)];

    /// <summary>What the format has of the act behind a part and the XML has not: not read, and missing in older files.</summary>
    public static FrozenSet<string> NotRead { get; } = FrozenSet.ToFrozenSet(
        Parts.SelectMany(block => new[] { "OrganisationType", "EntryIntoForceDate", "Programme" }.Select(column => $"{block.Prefix}Regulation_{column}")));

    private static ImmutableArray<(string Column, string Attribute)> Act =>
    [
        ("Regulation_Type", "act.regulationType"), ("Regulation_OrganisationType", "act.organisationType"), ("Regulation_PublicationDate", "act.publicationDate"),
        ("Regulation_EntryIntoForceDate", "act.entryIntoForceDate"), ("Regulation_NumberTitle", "act.numberTitle"), ("Regulation_Programme", "act.programme"),
        ("Regulation_PublicationUrl", "act.publicationUrl"),
    ];

    /// <summary>One block of columns.</summary>
    /// <param name="Prefix">What its column names begin with.</param>
    /// <param name="Columns">The rest of the names and the attributes they carry.</param>
    public sealed record Block(string Prefix, ImmutableArray<(string Column, string Attribute)> Columns)
    {
        /// <summary>Full column names.</summary>
        public IEnumerable<string> Names => Columns.Select(column => Prefix + column.Column);

        /// <summary>Full column name by attribute.</summary>
        public FrozenDictionary<string, string> ColumnOf { get; } = Columns.ToFrozenDictionary(column => column.Attribute, column => Prefix + column.Column);
    }
}
