using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;
using ExternalAction.Journal;
using ExternalAction.Sanctions.Private;
using ExternalAction.Testing;

namespace ExternalAction.Sanctions.Tests.Private;

[UnsupportedOSPlatform("windows")]
public sealed class VaultOnSqlite() : VaultTests(null)
{
    [Fact]
    public async Task What_was_forgotten_is_in_no_file_any_more()
    {
        await using var home = await PrivateHome.OnAsync(null);
        var database = home.Database();
        var vault = home.Vault(database);
        await vault.CreateAsync("subject:1", default);
        var wrapped = (await database.ReadAsync(c => c.QueryAsync("SELECT wrapped FROM data_keys", r => r.Bytes(0), default), default)).Single();
        Assert.Contains(Files(), f => Holds(f, wrapped));

        await vault.DestroyAsync("subject:1", default);
        Assert.DoesNotContain(Files(), f => Holds(f, wrapped));

        IEnumerable<string> Files() => Directory.EnumerateFiles(home.Options.Folder, PrivateDatabase.FileName + "*");
    }

    [Fact]
    public async Task Only_the_owner_reads_the_database()
    {
        await using var home = await PrivateHome.OnAsync(null);
        await home.Vault().CreateAsync("subject:1", default);
        Assert.All(Directory.EnumerateFiles(home.Options.Folder, PrivateDatabase.FileName + "*"), f => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(f)));
    }

    private static bool Holds(string file, byte[] bytes)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray().AsSpan().IndexOf(bytes) >= 0;
    }
}

[UnsupportedOSPlatform("windows")]
[Collection(OnePostgres.Name), Trait("Needs", "Servers")]
public sealed class VaultOnPostgres(PostgresServer server) : VaultTests(server)
{
    [Fact]
    public async Task A_database_that_went_away_is_unavailable_and_comes_back()
    {
        await using var own = new PostgresServer();
        await own.InitializeAsync();
        await using var home = await PrivateHome.OnAsync(own);
        var vault = home.Vault();
        await vault.CreateAsync("subject:1", default);
        await own.KillAsync();
        await Assert.ThrowsAsync<JournalUnavailableException>(() => vault.FindAsync(["subject:1"], default));
        await own.StartAsync();
        Assert.Contains("subject:1", await vault.FindAsync(["subject:1"], default));
    }
}

[UnsupportedOSPlatform("windows")]
public abstract class VaultTests(PostgresServer? server)
{
    private static readonly byte[] _plain = Encoding.UTF8.GetBytes("Ivan Ivanovich Ivanov");

    [Fact]
    public async Task What_was_encrypted_is_read_by_another_replica_and_after_a_start()
    {
        await using var home = await PrivateHome.OnAsync(server);
        var encrypted = (await home.Vault().CreateAsync("subject:1", default)).Encrypt(_plain, "subject:1");
        var found = await home.Vault().FindAsync(["subject:1", "subject:2"], default);
        Assert.Equal(_plain, Assert.Single(found).Value.Decrypt(encrypted, "subject:1"));
    }

    [Fact]
    public async Task A_destroyed_key_is_gone_and_what_it_encrypted_stays_unreadable_even_if_the_key_is_made_again()
    {
        await using var home = await PrivateHome.OnAsync(server);
        var vault = home.Vault();
        var encrypted = (await vault.CreateAsync("subject:1", default)).Encrypt(_plain, "subject:1");
        await vault.DestroyAsync("subject:1", default);
        await vault.DestroyAsync("subject:1", default);
        Assert.Empty(await vault.FindAsync(["subject:1"], default));
        var again = await vault.CreateAsync("subject:1", default);
        Assert.ThrowsAny<CryptographicException>(() => again.Decrypt(encrypted, "subject:1"));
    }

    [Fact]
    public async Task Making_a_key_twice_gives_the_same_key()
    {
        await using var home = await PrivateHome.OnAsync(server);
        var (one, other) = (home.Vault(), home.Vault());
        await one.OpenAsync(default);
        await other.OpenAsync(default);
        var keys = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => (i % 2 == 0 ? one : other).CreateAsync("subject:1", default)));
        var encrypted = keys[0].Encrypt(_plain, "x");
        Assert.All(keys, k => Assert.Equal(_plain, k.Decrypt(encrypted, "x")));
    }

    [Fact]
    public async Task Replicas_that_start_together_agree_on_one_master_key_and_leave_no_other_file()
    {
        await using var home = await PrivateHome.OnAsync(server);
        var vaults = Enumerable.Range(0, 6).Select(_ => home.Vault()).ToList();
        await Task.WhenAll(vaults.Select(v => Task.Run(() => v.OpenAsync(default))));
        Assert.Single(vaults.Select(v => Convert.ToHexString(v.Hash("query", "a"))).Distinct());
        var file = Assert.Single(Directory.GetFiles(home.Options.KeysFolder));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(home.Options.KeysFolder));
    }

    [Fact]
    public async Task A_missing_or_exchanged_master_key_is_an_error_and_never_replaced_by_a_new_one()
    {
        await using var home = await PrivateHome.OnAsync(server);
        await home.Vault().OpenAsync(default);
        var file = Directory.GetFiles(home.Options.KeysFolder).Single();
        var key = await File.ReadAllBytesAsync(file);
        await File.WriteAllBytesAsync(file, RandomNumberGenerator.GetBytes(32));
        await Assert.ThrowsAsync<CryptographicException>(() => home.Vault().OpenAsync(default));
        File.Delete(file);
        await Assert.ThrowsAsync<CryptographicException>(() => home.Vault().OpenAsync(default));
        Assert.Empty(Directory.GetFiles(home.Options.KeysFolder));
        await File.WriteAllBytesAsync(file, key);
        await home.Vault().OpenAsync(default);
    }

    [Fact]
    public async Task A_hash_depends_on_the_purpose_on_every_part_and_on_where_a_part_ends()
    {
        await using var home = await PrivateHome.OnAsync(server);
        var vault = home.Vault();
        Assert.Throws<JournalUnavailableException>(() => vault.Hash("query", "ab"));
        await vault.OpenAsync(default);
        string[] hashes =
        [
            Convert.ToHexString(vault.Hash("query", "ab", "c")), Convert.ToHexString(vault.Hash("query", "a", "bc")), Convert.ToHexString(vault.Hash("query", "abc")),
            Convert.ToHexString(vault.Hash("other", "ab", "c")), Convert.ToHexString(vault.Hash("query", "ab", "c", "")),
        ];
        Assert.Equal(hashes.Length, hashes.Distinct().Count());
        Assert.Equal(vault.Hash("query", "ab", "c"), vault.Hash("query", Encoding.UTF8.GetBytes("ab").AsMemory(), Encoding.UTF8.GetBytes("c").AsMemory()));
    }

    [Fact]
    public async Task A_value_is_read_only_in_its_own_place_and_unaltered()
    {
        await using var home = await PrivateHome.OnAsync(server);
        var key = await home.Vault().CreateAsync("subject:1", default);
        var encrypted = key.Encrypt(_plain, "subject:1");
        Assert.NotEqual(encrypted, key.Encrypt(_plain, "subject:1"));
        Assert.ThrowsAny<CryptographicException>(() => key.Decrypt(encrypted, "subject:2"));
        Assert.All(Enumerable.Range(0, encrypted.Length), i =>
        {
            var altered = (byte[])encrypted.Clone();
            altered[i] ^= 1;
            Assert.ThrowsAny<CryptographicException>(() => key.Decrypt(altered, "subject:1"));
        });
    }

    [Fact]
    public async Task A_key_that_was_put_in_the_place_of_another_is_refused()
    {
        await using var home = await PrivateHome.OnAsync(server);
        var database = home.Database();
        var vault = home.Vault(database);
        await vault.CreateAsync("subject:1", default);
        await vault.CreateAsync("subject:2", default);
        await database.WriteAsync(c => c.RunAsync("UPDATE data_keys SET wrapped = (SELECT wrapped FROM data_keys WHERE id = 'subject:2') WHERE id = 'subject:1'", default), default);
        await Assert.ThrowsAnyAsync<CryptographicException>(() => vault.FindAsync(["subject:1"], default));
    }

    [Fact]
    public async Task Writers_side_by_side_all_get_through_and_a_failed_write_changes_nothing()
    {
        await using var home = await PrivateHome.OnAsync(server);
        var database = home.Database();
        var vault = home.Vault(database);
        await vault.OpenAsync(default);
        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(() => vault.CreateAsync($"subject:{i}", default))));
        await Assert.ThrowsAsync<FormatException>(() => database.WriteAsync(
            async c =>
            {
                await vault.InsertAsync(c, [vault.New("subject:lost")], default);
                throw new FormatException();
            },
            default));
        Assert.Equal(40, (await vault.FindAsync([.. Enumerable.Range(0, 40).Select(i => $"subject:{i}"), "subject:lost"], default)).Count);
    }
}
