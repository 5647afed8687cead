using System.Text;

namespace ExternalAction.Journal.Tests;

/// <summary>
/// The hash of a row, pinned down by rows whose hashes were computed by another program in another language from the
/// documented format. If one of these fails, every journal and every receipt in the world has become unverifiable.
/// </summary>
public sealed class GoldenRowTests
{
    [Fact]
    public void The_hash_of_golden_rows_never_changes()
    {
        var genesis = Row(1, "journal", 1, "journal.opened.v1", """{"journalId":"0190a5c4-3f6e-7c11-8a54-6b7f1d2e3c4b","service":"accounts"}""", "system:journal", 1748779200000000, 1748779200000000, null);
        Assert.Equal("33df88bfe49955852d1f08371dfcf7c586e44f0be6f4559b199290d99ac1499c", genesis.ComputeHash().ToString());

        var second = Row(2, "account:Zürich", 1, "deposited.v1", """{"account":"Zürich","cents":12228550000,"note":"£€😀"}""", "alice", -1, 1748779200000001, genesis.ComputeHash());
        Assert.Equal("51c889f50845d66d1d96bdfb2e508f62a61a51e26152c7df1dc9f223f185e300", second.ComputeHash().ToString());

        var third = Row(3, "account:x", long.MaxValue, "t.v1", "", "", 0, 1748779200000001, second.ComputeHash());
        Assert.Equal("261c397556a79520728ac9e5c4c6b0e9dc5d80a0c5aefa4faedc43958becfc86", third.ComputeHash().ToString());
    }

    [Fact]
    public void An_absent_previous_hash_is_not_an_empty_one()
        // An empty one would give c2a9bd13…
        => Assert.Equal("23257e7c5fb43a6230202349eb9d93e9b8aac1c008fb0cefe6b66a451ef1f931", Row(1, "s", 1, "t.v1", "", "a", 0, 0, null).ComputeHash().ToString());

    [Fact]
    public void Moving_a_character_from_one_field_to_the_next_changes_the_hash()
        => Assert.NotEqual(
            Row(1, "ab", 1, "c", "", "a", 0, 0, null).ComputeHash(),
            Row(1, "a", 1, "bc", "", "a", 0, 0, null).ComputeHash());

    [Fact]
    public void A_large_payload_is_hashed_like_a_small_one_and_a_row_survives_export_and_import()
    {
        var row = Row(7, "s", 3, "t.v1", "{\"text\":\"" + new string('é', 100_000) + "\"}", "a", 5, 6, Row(1, "s", 1, "t.v1", "", "a", 0, 0, null).ComputeHash()).Sealed();
        var read = RowExport.Read(RowExport.Write(row));
        Assert.Equal(row.Hash, read.ComputeHash());
        Assert.Equal(row.Hash, read.Hash);
    }

    private static JournalRow Row(long position, string stream, long version, string type, string payload, string actor, long occurredAt, long recordedAt, Digest? previous) => new()
    {
        Position = position,
        Stream = stream,
        Version = version,
        Type = type,
        Payload = Encoding.UTF8.GetBytes(payload),
        Actor = actor,
        OccurredAt = occurredAt,
        RecordedAt = recordedAt,
        PreviousHash = previous,
    };
}
