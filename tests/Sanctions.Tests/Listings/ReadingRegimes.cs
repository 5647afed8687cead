using System.Globalization;
using ExternalAction.Sanctions.Grpc;
using Google.Protobuf;
using Grpc.Core;
using Proto = ExternalAction.Contracts.Sanctions.V1;

namespace ExternalAction.Sanctions.Tests.Listings;

/// <summary>Regimes as a request gives them: what cannot be taken is refused with its field, and nothing is passed over.</summary>
public sealed class ReadingRegimes
{
    private const string Header = "code,title,basicDecision,frameworkActs,rhythmMonths,expiryDate,source\n";
    private static readonly string Long = new('x', 501);

    public static TheoryData<Action<Proto.Regime>, string> Faults => new()
    {
        { r => r.Listings = 3, "regimes[1].listings" },
        { r => r.RenewedBy = "d1", "regimes[1].renewedBy" },
        { r => r.RenewedByAct = "(CFSP) 2026/1", "regimes[1].renewedByAct" },
        { r => r.Position = 7, "regimes[1].position" },
        { r => r.FrameworkActs.Add(Long), "regimes[1].frameworkActs[0]" },
        { r => r.FrameworkActs.Add(Enumerable.Range(0, 21).Select(i => i.ToString(CultureInfo.InvariantCulture))), "regimes[1].frameworkActs" },
        { r => r.Source = Long, "regimes[1].source" },
    };

    [Theory, MemberData(nameof(Faults))]
    public void A_record_with_what_only_the_service_knows_or_a_text_without_end_is_refused(Action<Proto.Regime> change, string field)
    {
        var regimes = new[] { new Proto.Regime { Code = "BLR", Title = "Belarus" }, new Proto.Regime { Code = "UKR", Title = "Ukraine" } };
        Assert.Equal(2, RegimeForm.Read(regimes, "test").Count());
        change(regimes[1]);
        Assert.Contains(field, Assert.Throws<RpcException>(() => RegimeForm.Read(regimes, "test").ToList()).Status.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("BLR,Belarus,,,,,{0}", "source")]
    [InlineData("BLR,Belarus,,{0},,,", "frameworkActs[0]")]
    [InlineData("BLR,Belarus,,1;2;3;4;5;6;7;8;9;10;11;12;13;14;15;16;17;18;19;20;21,,,", "frameworkActs")]
    public void And_so_is_a_row_of_a_file(string row, string field)
    {
        var file = ByteString.CopyFromUtf8(Header + string.Format(CultureInfo.InvariantCulture, row, Long) + "\n");
        Assert.Contains($"csv line 2, {field}", Assert.Throws<RpcException>(() => RegimeForm.Read(file, "test").ToList()).Status.Detail, StringComparison.Ordinal);
    }
}
