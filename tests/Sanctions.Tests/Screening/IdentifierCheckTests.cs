using ExternalAction.Sanctions.Domain.Screening.Attributes;

namespace ExternalAction.Sanctions.Tests.Screening;

/// <summary>Check digits against numbers published as examples of their schemes.</summary>
public sealed class IdentifierCheckTests
{
    [Theory]
    [InlineData("imo", "9074729", true)]
    [InlineData("imo", "9074728", false)]
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

    [Fact]
    public void A_passport_has_no_check_digit() => Assert.Null(IdentifierChecks.Check("passport", "AB123456"));
}
