using System.Text;
using ExternalAction.Sanctions.Domain.Screening;
using ExternalAction.Sanctions.Records;

namespace ExternalAction.Sanctions.Tests.Records;

/// <summary>Records are kept for years: what is hashed today must hash the same then. A failure here is not mended by a new constant.</summary>
public sealed class RecordForms
{
    private static readonly ScreeningQuery _query = new(
        ["Анна \"Example\" <&'+>"], SubjectType.Person, new BirthDate(1970, 5, null, Circa: true), Gender.Female, ["BY"], [new Identifier("passport", "AB 1", "BY")], ["1 Main St"]);

    [Fact]
    public void A_query_is_written_byte_for_byte_as_ever_and_read_as_it_was()
    {
        var bytes = QueryForm.Write(_query);
        Assert.Equal(
            """{"v":1,"names":["Анна \"Example\" <&'+>"],"type":"Person","birth":{"year":1970,"month":5,"day":null,"circa":true,"yearFrom":null,"yearTo":null,"calendar":"Gregorian"},"gender":"Female","countries":["BY"],"identifiers":[{"type":"passport","value":"AB 1","country":"BY"}],"addresses":["1 Main St"]}""",
            Encoding.UTF8.GetString(bytes));
        Assert.Equal(bytes, QueryForm.Write(QueryForm.Read(bytes)));
        Assert.Equal("""{"v":1,"names":["Anna"],"type":"Unknown","birth":null,"gender":"Unknown","countries":[],"identifiers":[],"addresses":[]}""", Encoding.UTF8.GetString(QueryForm.Write(new ScreeningQuery(["Anna"]))));
    }

    [Fact]
    public void The_hash_of_a_record_is_as_ever_and_depends_on_every_field()
    {
        var record = Some;
        Assert.Equal("04b51f15e8c6db212d841951aa5c86cc29e575421a10c075774562ab7a1fe812", Convert.ToHexStringLower(record.Hash()));
        ScreeningRecord[] others =
        [
            record with { Id = "x" }, record with { Client = "x" }, record with { ScreenedAt = record.ScreenedAt.AddMicroseconds(1) }, record with { ExpiresAt = record.ExpiresAt.AddMicroseconds(1) },
            record with { Profile = "x" }, record with { Engine = "x" }, record with { Threshold = 0.7m }, record with { Limit = 1 }, record with { Exhaustive = true }, record with { ListVersion = "x" },
            record with { QueryHash = [3] }, record with { ResultHash = [3] }, record with { Hits = 0 }, record with { Band = "NONE" }, record with { Excluded = ["b"] }, record with { Excluded = ["a", "b", "c"] },
        ];
        Assert.Equal(typeof(ScreeningRecord).GetProperties().Count(p => p.CanWrite) + 1, others.Length);
        Assert.Equal(others.Length + 1, others.Append(record).Select(r => Convert.ToHexString(r.Hash())).Distinct().Count());
    }

    [Fact]
    public void A_record_is_hashed_as_the_documentation_says()
    {
        // Written again from docs/screening.md, without the service's own code.
        using var bytes = new MemoryStream();
        bytes.WriteByte(0);
        foreach (var field in (string[])["screening@1", "id1", "client", "1777896000000001", "1935752400000000", "payments@1", "names@1", "0.5000", "10", "0", "eu-7", "0102", "0304", "1", "ALERT", "2", "a", "b"])
        {
            var text = Encoding.UTF8.GetBytes(field);
            bytes.Write([0, 0, 0, (byte)text.Length]);
            bytes.Write(text);
        }
        Assert.Equal(System.Security.Cryptography.SHA256.HashData(bytes.ToArray()), Some.Hash());
    }

    private static ScreeningRecord Some => new()
    {
        Id = "id1",
        Client = "client",
        ScreenedAt = DateTimeOffset.UnixEpoch.AddMicroseconds(1_777_896_000_000_001),
        ExpiresAt = DateTimeOffset.UnixEpoch.AddMicroseconds(1_935_752_400_000_000),
        Profile = "payments@1",
        Engine = "names@1",
        Threshold = 0.5m,
        Limit = 10,
        Exhaustive = false,
        ListVersion = "eu-7",
        QueryHash = [1, 2],
        ResultHash = [3, 4],
        Hits = 1,
        Band = "ALERT",
        Excluded = ["a", "b"],
    };
}
