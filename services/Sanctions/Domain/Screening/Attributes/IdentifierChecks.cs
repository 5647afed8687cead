using System.Text;

namespace ExternalAction.Sanctions.Domain.Screening.Attributes;

/// <summary>
/// Brings document and register numbers to one form and checks their check digits: IMO numbers of ships and of companies, LEI (ISO 17442),
/// BIC (ISO 9362), Russian INN and OGRN. A number that fails its own check is compared but proves less.
/// </summary>
internal static class IdentifierChecks
{
    private const int InstitutionOfBic = 8;

    /// <summary>The class of a type: FSF codes and common names of the same thing become one word; a type nobody knows says nothing ("other").</summary>
    internal static string Class(string type) => Compact(type).ToLowerInvariant() switch
    {
        "imo" or "imonumber" => "imo",
        "lei" or "leicode" => "lei",
        "bic" or "swift" or "swiftbic" or "swiftcode" or "biccode" => "bic",
        "tax" or "inn" or "inncode" or "fiscalcode" or "taxid" or "tin" or "taxnumber" or "vat" or "vatcode" or "vatnumber" or "euvat" => "tax",
        "register" or "ogrn" or "ogrncode" or "regnumber" or "registrationnumber" or "tradelic" => "register",
        "passport" or "passportnumber" or "diplomaticpassport" => "passport",
        "id" or "nationalid" or "nationalidnumber" or "idcard" or "idnumber" or "nationcert" or "ssn" or "unssn" => "id",
        "birthcert" or "drivinglicence" or "electionid" or "residentperm" or "travelcardid" => Compact(type).ToLowerInvariant(),
        "" => "",
        _ => "other",
    };

    /// <summary>Letters and digits only, upper case; a leading word for its type ("IMO 9187629", "SSN 156-92") and the branch in a BIC are dropped.</summary>
    internal static string Normalise(string type, string value)
    {
        string kind = Class(type), compact = Compact(value).ToUpperInvariant();
        int digits = compact.AsSpan().IndexOfAnyInRange('0', '9');
        compact = digits > 0 && kind == Class(compact[..digits]) && kind != "other" ? compact[digits..] : compact;
        return kind == "bic" && compact.Length == InstitutionOfBic + 3 ? compact[..InstitutionOfBic] : compact;
    }

    /// <summary>What numbers are found by: leading zeros are written or left out ("01234567", a British company).</summary>
    internal static string Key(string normalised) => normalised.TrimStart('0');

    /// <summary>True or false when the number carries a check digit that could be checked; null when it carries none.</summary>
    internal static bool? Check(string type, string normalised) => Class(type) switch
    {
        "imo" => Imo(normalised),
        "lei" => Lei(normalised),
        "bic" => normalised.Length == InstitutionOfBic && normalised.AsSpan(0, 6).IndexOfAnyExceptInRange('A', 'Z') < 0,
        "tax" when Digits(normalised) && normalised.Length is 10 or 12 => Inn(normalised),
        "register" when Digits(normalised) && normalised.Length is 13 or 15 => Ogrn(normalised),
        _ => null,
    };

    /// <summary>A ship's number, or that of a company or registered owner; both have seven digits, and their own weights.</summary>
    internal static bool Imo(string value) => value.Length == 7 && Digits(value)
        && (Weighted(value.AsSpan(0, 6), [7, 6, 5, 4, 3, 2]) % 10 == value[6] - '0' || (11 - (Weighted(value.AsSpan(0, 6), [8, 6, 4, 2, 9, 7]) % 11)) % 10 == value[6] - '0');

    /// <summary>ISO 7064 MOD 97-10 over letters as numbers.</summary>
    internal static bool Lei(string value)
    {
        if (value.Length != 20)
        {
            return false;
        }

        int rest = 0;
        foreach (char c in value)
        {
            int digit = char.IsAsciiDigit(c) ? c - '0' : char.IsAsciiLetterUpper(c) ? c - 'A' + 10 : -1;
            if (digit < 0)
            {
                return false;
            }

            rest = ((rest * (digit > 9 ? 100 : 10)) + digit) % 97;
        }

        return rest == 1;
    }

    internal static bool Inn(string value) => value.Length == 10
        ? Weighted(value.AsSpan(0, 9), [2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11 % 10 == value[9] - '0'
        : Weighted(value.AsSpan(0, 10), [7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11 % 10 == value[10] - '0'
            && Weighted(value.AsSpan(0, 11), [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11 % 10 == value[11] - '0';

    internal static bool Ogrn(string value)
    {
        long number = long.Parse(value.AsSpan(0, value.Length - 1), provider: null);
        return number % (value.Length == 13 ? 11 : 13) % 10 == value[^1] - '0';
    }

    private static int Weighted(ReadOnlySpan<char> digits, ReadOnlySpan<int> weights)
    {
        int sum = 0;
        for (int i = 0; i < digits.Length; i++)
        {
            sum += (digits[i] - '0') * weights[i];
        }

        return sum;
    }

    private static bool Digits(string value) => value.Length > 0 && value.AsSpan().IndexOfAnyExceptInRange('0', '9') < 0;

    private static string Compact(string text)
    {
        var compact = new StringBuilder(text.Length);
        foreach (char c in text)
        {
            if (char.IsLetterOrDigit(c))
            {
                compact.Append(c);
            }
        }

        return compact.ToString();
    }
}
