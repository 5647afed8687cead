using ExternalAction.Contracts.Platform.V1;
using ExternalAction.Suite.Tests.Clients;

namespace ExternalAction.Suite.Tests.Weather;

/// <summary>The codes that all services share, each from where it really comes: the edge, the form, the limits, the weather.</summary>
[Collection("weather"), Trait("Needs", "Servers")]
public sealed class PlatformCodeTests(WeatherSuite suite)
{
    public static TheoryData<string, string> Codes
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var (code, way) in PlatformRefusals.All)
            {
                foreach (var protocol in (string[])["REST", "gRPC"])
                {
                    if (way.Over(protocol) is not null)
                    {
                        data.Add(code, protocol);
                    }
                }
            }
            return data;
        }
    }

    [Theory, MemberData(nameof(Codes))]
    public async Task Every_shared_code_reaches_the_client(string code, string protocol)
    {
        var way = PlatformRefusals.All[code];
        var refusal = await Assert.ThrowsAsync<ApiException>(() => way.Over(protocol)!(suite));
        if (protocol == "gRPC" && way.StatusOnly is { } status)
        {
            Assert.Equal(("", status.ToString()), (refusal.Code, refusal.Status));
            return;
        }
        Assert.Equal(code, refusal.Code);
        Assert.NotEmpty(refusal.Detail);
    }

    [Fact]
    public void The_list_of_ways_names_every_shared_code_of_the_contract()
    {
        var codes = PlatformError.Descriptor.EnumTypes.Single(e => e.Name == "Code").Values.Select(v => v.Name);
        Assert.Equal(codes.Order(), PlatformRefusals.All.Keys.Order());
    }

    [Fact]
    public void What_a_protocol_cannot_reach_is_written_down_with_its_reason()
    {
        var page = File.ReadAllText(Path.Combine(TourTests.RepositoryRoot(), "docs", "errors.md"));
        foreach (var (code, way) in PlatformRefusals.All.Where(w => w.Value is { Rest: null } or { Grpc: null } or { StatusOnly: not null }))
        {
            Assert.Contains($"| `{code}` | {way.Not ?? $"the status `{Printed(way.StatusOnly!.Value)}` without a code"}", page, StringComparison.Ordinal);
        }
    }

    private static string Printed(Grpc.Core.StatusCode status) =>
        string.Concat(status.ToString().Select((letter, i) => i > 0 && char.IsUpper(letter) ? $"_{letter}" : $"{char.ToUpperInvariant(letter)}"));
}
