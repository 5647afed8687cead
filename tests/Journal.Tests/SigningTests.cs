using System.Buffers.Text;
using System.Text;
using Google.Protobuf.WellKnownTypes;

namespace ExternalAction.Journal.Tests;

/// <summary>Receipts and heads: signed with keys kept apart, verifiable by anybody, refused when altered.</summary>
public abstract class SigningTests(Func<Task<JournalHome>> newHome) : JournalTests(newHome)
{
    [Fact]
    public async Task A_receipt_names_its_row_and_a_repeated_request_gets_that_very_receipt()
    {
        await using var home = await NewHomeAsync();
        var journal = await home.OpenAsync();
        var first = await journal.ExecuteAsync(WithReceipt(journal), default);
        var again = await journal.ExecuteAsync(WithReceipt(journal), default);
        Assert.Equal(first.Reply, again.Reply);

        var receipt = SignedStatements.VerifyReceipt(first.Reply!.Value, SigningKey.ReadJwks(journal.Jwks));
        var row = (await AllRowsAsync(journal))[^1];
        Assert.Equal(("accounts", journal.JournalId, row.Position, row.Hash, row.RecordedAt), (receipt.Service, receipt.JournalId, receipt.Position, receipt.Hash, receipt.RecordedAt));
        Assert.Equal("x", receipt.Facts["account"]);
    }

    [Fact]
    public async Task An_altered_receipt_is_refused_at_every_character()
    {
        await using var home = await NewHomeAsync();
        var journal = await home.OpenAsync();
        var jws = (await journal.ExecuteAsync(WithReceipt(journal), default)).Reply!.Value;
        var keys = SigningKey.ReadJwks(journal.Jwks);
        for (var i = 0; i < jws.Length; i += 7)
        {
            var altered = jws[..i] + (jws[i] == 'A' ? 'B' : 'A') + jws[(i + 1)..];
            Assert.Throws<SignatureRefusedException>(() => SignedStatements.VerifyReceipt(altered, keys));
        }
    }

    [Fact]
    public async Task Receipts_and_heads_share_neither_key_nor_type()
    {
        await using var home = await NewHomeAsync();
        var journal = await home.OpenAsync();
        var receipt = (await journal.ExecuteAsync(WithReceipt(journal), default)).Reply!.Value;
        var keys = SigningKey.ReadJwks(journal.Jwks);
        Assert.Equal(2, keys.Select(key => key.Kid).Distinct().Count());
        Assert.Contains("ea-receipt+jwt", Header(receipt), StringComparison.Ordinal);
        Assert.Contains("ea-head+jwt", Header(journal.SignedHead!), StringComparison.Ordinal);
        Assert.Throws<SignatureRefusedException>(() => SignedStatements.VerifyHead(receipt, keys));
        Assert.Throws<SignatureRefusedException>(() => SignedStatements.VerifyReceipt(journal.SignedHead!, keys));
        Assert.Throws<SignatureRefusedException>(() => SignedStatements.VerifyReceipt(receipt, [.. keys.Where(key => key.Purpose == KeyPurpose.Head)]));
    }

    [Fact]
    public async Task The_head_is_signed_at_intervals_and_at_the_stop()
    {
        await using var home = await NewHomeAsync();
        var journal = await home.OpenAsync(options => options with { HeadInterval = TimeSpan.FromMilliseconds(50) });
        var keys = SigningKey.ReadJwks(journal.Jwks);
        await journal.ExecuteAsync(Accounts.Deposit("x", 1), default);
        JournalHead head;
        do
        {
            await Task.Delay(20);
            head = SignedStatements.VerifyHead(journal.SignedHead!, keys);
        }
        while (head.Position < journal.Position);

        await journal.ExecuteAsync(Accounts.Deposit("x", 1), default);
        await journal.StopAsync();
        var last = SignedStatements.VerifyHead(await File.ReadAllTextAsync(Path.Combine(home.Folder, "head.jws")), keys);
        Assert.Equal((journal.Position, (string?)"accounts"), (last.Position, last.Service));
    }

    [Fact]
    public async Task After_a_rotation_new_receipts_use_the_new_key_and_old_ones_still_verify_also_after_a_restart()
    {
        await using var home = await NewHomeAsync();
        var journal = await home.OpenAsync();
        var old = (await journal.ExecuteAsync(WithReceipt(journal, "k1"), default)).Reply!.Value;
        await journal.RotateSigningKeyAsync(KeyPurpose.Receipt, "admin", default);
        var fresh = (await journal.ExecuteAsync(WithReceipt(journal, "k2"), default)).Reply!.Value;
        Assert.NotEqual(Header(old), Header(fresh));
        Assert.Equal(2, journal.SigningKeys.Count(key => key.Purpose == KeyPurpose.Receipt));
        Assert.Single(journal.SigningKeys, key => key.RetiredAt is not null);

        await journal.StopAsync();
        journal = await home.OpenAsync();
        var keys = SigningKey.ReadJwks(journal.Jwks);
        Assert.Equal(3, keys.Count);
        SignedStatements.VerifyReceipt(old, keys);
        SignedStatements.VerifyReceipt(fresh, keys);
        Assert.Equal(Header(fresh), Header((await journal.ExecuteAsync(WithReceipt(journal, "k3"), default)).Reply!.Value));
    }

    [Fact]
    public async Task Private_keys_are_files_that_only_their_owner_reads_and_a_lost_folder_gets_new_keys()
    {
        await using var home = await NewHomeAsync();
        var journal = await home.OpenAsync();
        var files = Directory.GetFiles(Path.Combine(home.Folder, "keys"));
        Assert.Equal(2, files.Length);
        Assert.All(files, file => Assert.Equal(OperatingSystem.IsWindows() ? default : UnixFileMode.UserRead | UnixFileMode.UserWrite, OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(file)));
        Assert.Equal(journal.SigningKeys.Select(key => $"{key.Purpose}-{key.Kid}.pem".ToLowerInvariant()).Order(), files.Select(file => Path.GetFileName(file).ToLowerInvariant()).Order());

        await journal.StopAsync();
        Directory.Delete(Path.Combine(home.Folder, "keys"), recursive: true);
        journal = await home.OpenAsync();
        Assert.Equal(4, journal.SigningKeys.Count);
        SignedStatements.VerifyReceipt((await journal.ExecuteAsync(WithReceipt(journal), default)).Reply!.Value, SigningKey.ReadJwks(journal.Jwks));
    }

    private static Command<AccountsState, AccountEvent, Refusal, StringValue> WithReceipt(Journal<AccountsState, AccountEvent> journal, string key = "k")
        => Accounts.Deposit("x", 1, key) with
        {
            Reply = (_, rows) => new StringValue { Value = journal.SignReceipt(rows[0], [new("account", "x")]) },
        };

    private static string Header(string jws) => Encoding.UTF8.GetString(Base64Url.DecodeFromChars(jws.Split('.')[0]));
}

/// <summary>The key id is the thumbprint of RFC 7638.</summary>
public sealed class ThumbprintTests
{
    [Fact]
    public void The_thumbprint_of_the_example_key_of_RFC_7517_is_the_known_one()
        => Assert.Equal(
            "cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s",
            SigningKey.Thumbprint("MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4", "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"));
}
