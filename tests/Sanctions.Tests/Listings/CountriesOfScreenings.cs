using ExternalAction.Sanctions.Domain.Lists;
using ExternalAction.Sanctions.Screening;
using static ExternalAction.Sanctions.Tests.Listings.Spec;
using static ExternalAction.Sanctions.Tests.Listings.Steps;

namespace ExternalAction.Sanctions.Tests.Listings;

/// <summary>Countries are compared by their ISO codes, however a list or a client writes them.</summary>
public sealed class CountriesOfScreenings
{
    [Theory]
    [InlineData("EL", "GR")]
    [InlineData("uk", "GB")]
    [InlineData("ru", "RU")]
    public void The_codes_of_the_institutions_mean_the_same_countries(string code, string iso)
    {
        Assert.Equal(iso, ScreenedEntities.CountryCode(code));
        var entry = Entry("5") with { Citizenships = [new Citizenship { Country = new Country(code.ToUpperInvariant(), "") }] };
        Assert.Equal(iso, Assert.Single(ScreenedEntities.Of(Given(FileArrives(added: [entry])).Listing("eu-5")).Countries));
    }
}
