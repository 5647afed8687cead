using System.Collections.Frozen;
using ExternalAction.Sanctions.Domain.Lists;

namespace ExternalAction.Sanctions.Files;

/// <summary>
/// Takes over from the entry on the list what a CSV file never says: the mark of weak aliases, the number of the act, spelling
/// oddities, and columns that this very file leaves empty throughout. Parts are matched by their number; a part that is new
/// has nothing to take over.
/// </summary>
internal static class CsvCompletion
{
    /// <summary>The entry with what it cannot say taken from the old one.</summary>
    /// <param name="entry">As read from CSV.</param>
    /// <param name="old">As it stands on the list.</param>
    /// <param name="missing">Columns the file does not carry.</param>
    public static Entry Complete(Entry entry, Entry old, FrozenSet<string> missing)
    {
        // The columns of one element, by the unprefixed name.
        bool Lacks(string column) => missing.Contains(column);
        return entry with
        {
            DesignationDate = Lacks("Entity_DesignationDate") ? old.DesignationDate : entry.DesignationDate,
            Oddities = old.Oddities,
            Regulations = entry.Regulations.Items.Select(act => old.Regulations.Items.FirstOrDefault(other => other.NumberTitle == act.NumberTitle && other.Programme == act.Programme) is not { } same ? act : act with
            {
                LogicalId = Lacks(CsvColumns.RegulationIdColumn) ? same.LogicalId : act.LogicalId,
                Oddities = same.Oddities,
            }).ToSequence(),
            Names = Match(entry.Names, old.Names, name => name.LogicalId, (name, same) => name with
            {
                MarkedWeak = Lacks(CsvColumns.StrongColumn) ? same.MarkedWeak : name.MarkedWeak,
                Remarks = Lacks("NameAlias_Remark") ? same.Remarks : name.Remarks,
                Act = Complete(name.Act, same.Act),
                Oddities = same.Oddities,
            }),
            Citizenships = Match(entry.Citizenships, old.Citizenships, part => part.LogicalId, (part, same) => part with
            {
                Region = Lacks("Citizenship_Region") ? same.Region : part.Region,
                Remarks = Lacks("Citizenship_Remark") ? same.Remarks : part.Remarks,
                Act = Complete(part.Act, same.Act),
                Oddities = same.Oddities,
            }),
            BirthDates = Match(entry.BirthDates, old.BirthDates, birth => birth.LogicalId, (birth, same) => birth with
            {
                YearFrom = Lacks("BirthDate_YearRangeFrom") ? same.YearFrom : birth.YearFrom,
                YearTo = Lacks("BirthDate_YearRangeTo") ? same.YearTo : birth.YearTo,
                ZipCode = Lacks("BirthDate_ZipCode") ? same.ZipCode : birth.ZipCode,
                Remarks = Lacks("BirthDate_Remark") ? same.Remarks : birth.Remarks,
                Act = Complete(birth.Act, same.Act),
                Oddities = same.Oddities,
            }),
            Addresses = Match(entry.Addresses, old.Addresses, address => address.LogicalId, (address, same) => address with
            {
                PoBox = Lacks("Address_PoBox") ? same.PoBox : address.PoBox,
                Place = Lacks("Address_Place") ? same.Place : address.Place,
                AsAtListingTime = Lacks("Address_AsAtListingTime") ? same.AsAtListingTime : address.AsAtListingTime,
                Contacts = Lacks("Address_ContactInfo") ? same.Contacts : address.Contacts,
                Remarks = Lacks("Address_Remark") ? same.Remarks : address.Remarks,
                Act = Complete(address.Act, same.Act),
                Oddities = same.Oddities,
            }),
            Identifications = Match(entry.Identifications, old.Identifications, id => id.LogicalId, (id, same) => id with
            {
                Diplomatic = Lacks("Identification_Diplomatic") ? same.Diplomatic : id.Diplomatic,
                KnownExpired = Lacks("Identification_KnownExpired") ? same.KnownExpired : id.KnownExpired,
                KnownFalse = Lacks("Identification_KnownFalse") ? same.KnownFalse : id.KnownFalse,
                ReportedLost = Lacks("Identification_ReportedLost") ? same.ReportedLost : id.ReportedLost,
                RevokedByIssuer = Lacks("Identification_RevokedByIssuer") ? same.RevokedByIssuer : id.RevokedByIssuer,
                IssuedBy = Lacks("Identification_IssuedBy") ? same.IssuedBy : id.IssuedBy,
                IssuedDate = Lacks("Identification_IssuedDate") ? same.IssuedDate : id.IssuedDate,
                ValidFrom = Lacks("Identification_ValidFrom") ? same.ValidFrom : id.ValidFrom,
                ValidTo = Lacks("Identification_ValidTo") ? same.ValidTo : id.ValidTo,
                LatinNumber = Lacks("Identification_LatinNumber") ? same.LatinNumber : id.LatinNumber,
                NameOnDocument = Lacks("Identification_NameOnDocument") ? same.NameOnDocument : id.NameOnDocument,
                TypeDescription = Lacks("Identification_TypeDescription") ? same.TypeDescription : id.TypeDescription,
                Region = Lacks("Identification_Region") ? same.Region : id.Region,
                Country = Lacks("Identification_CountryDescription") && id.Country.Code == same.Country.Code ? same.Country : id.Country,
                Remarks = Lacks("Identification_Remark") ? same.Remarks : id.Remarks,
                Act = Complete(id.Act, same.Act),
                Oddities = same.Oddities,
            }),
        };
    }

    private static ActSummary? Complete(ActSummary? act, ActSummary? old)
        => act is not null && old is not null && act == old with { Oddities = [] } ? old : act;

    private static Sequence<T> Match<T>(Sequence<T> parts, Sequence<T> old, Func<T, long?> id, Func<T, T, T> complete)
        where T : class
        => parts.Items.Select(part => id(part) is { } number && old.Items.FirstOrDefault(other => id(other) == number) is { } same ? complete(part, same) : part).ToSequence();
}
