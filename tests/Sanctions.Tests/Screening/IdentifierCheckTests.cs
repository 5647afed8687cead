using ExternalAction.Sanctions.Domain.Screening;
using ExternalAction.Sanctions.Domain.Screening.Attributes;

namespace ExternalAction.Sanctions.Tests.Screening;

/// <summary>Check digits against numbers published as examples of their schemes.</summary>
public sealed class IdentifierCheckTests
{
    [Theory]
    [InlineData("imo", "9074729", true)]
    [InlineData("imo", "9074728", false)]
    [InlineData("imo", "2041999", true)]
    [InlineData("imo", "2041998", false)]
    [InlineData("lei", "5493001KJTIIGC8Y1R12", true)]
    [InlineData("lei", "5493001KJTIIGC8Y1R13", false)]
    [InlineData("inn", "7707083893", true)]
    [InlineData("inn", "7707083894", false)]
    [InlineData("inn", "500100732259", true)]
    [InlineData("ogrn", "1027700132195", true)]
    [InlineData("ogrn", "1027700132196", false)]
    [InlineData("bic", "DEUTDEFF", true)]
    [InlineData("bic", "DEUT1EFF", false)]
    public void A_check_digit_is_checked(string type, string value, bool valid) => Assert.Equal(valid, IdentifierChecks.Check(type, IdentifierChecks.Normalise(type, value)));

    [Theory]
    [InlineData("SWIFT", "DCBK KPPY XXX", "swiftbic", "DCBKKPPY", true)]
    [InlineData("bic", "DCBKKPPY001", "swiftbic", "DCBK KPPY", true)]
    [InlineData("BIC", "DCBKKPPX", "swiftbic", "DCBKKPPY", false)]
    [InlineData("Trade licence no.", "541 939", "passport", "541939", true)]
    [InlineData("", "541939", "passport", "541939", true)]
    [InlineData("passport", "541939", "regnumber", "541939", false)]
    [InlineData("TAX", "7707083893", "fiscalcode", "7707083893", true)]
    [InlineData("IMO number", "IMO 9074729", "imo", "9074729", true)]
    [InlineData("regnumber", "01234567", "regnumber", "1234567", true)]
    [InlineData("SSN", "SSN 156-92-9858", "id", "156929858", true)]
    [InlineData("id", "AB156929858", "id", "156929858", false)]
    public void A_number_is_the_same_in_another_spelling_and_under_a_type_that_says_nothing(string type, string value, string listedType, string listed, bool same)
    {
        Assert.Equal(same, IdentifierChecks.Key(IdentifierChecks.Normalise(type, value)) == IdentifierChecks.Key(IdentifierChecks.Normalise(listedType, listed))
            && IdentifierEvidence.Agree(new Identifier(type, value), new Identifier(listedType, listed)));
    }

    [Fact]
    public void A_passport_has_no_check_digit() => Assert.Null(IdentifierChecks.Check("passport", "AB123456"));
}
