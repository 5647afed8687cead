// Connections under hard conditions: TLS with a password, a server that dies and comes back, a server that is not there.
using System.Security.Cryptography.X509Certificates;
using ExternalAction.Testing;
using StackExchange.Redis;

namespace ExternalAction.Compat.Tests;

[Trait("Needs", "Servers")]
public class RedisConnectionChecks
{
    [Fact]
    public async Task Tls_with_a_password_carries_small_and_large_values()
    {
        using var certificate = TestCertificates.SelfSigned();
        await using var server = await StartTls(certificate, "secret");
        await using var connection = await ConnectionMultiplexer.ConnectAsync(TlsOptions(server, certificate, "secret"));
        var db = connection.GetDatabase();
        var value = new byte[3_000_000];
        new Random(1).NextBytes(value);

        await db.StringSetAsync("a", value);

        Assert.Equal(value, (byte[]?)await db.StringGetAsync("a"));
        await Task.WhenAll(Enumerable.Range(0, 1000).Select(i => db.StringSetAsync($"k{i}", i)));
        Assert.Equal(999, await db.StringGetAsync("k999"));
    }

    [Fact]
    public async Task A_wrong_password_is_told_as_such()
    {
        using var certificate = TestCertificates.SelfSigned();
        await using var server = await StartTls(certificate, "secret");

        var error = await Assert.ThrowsAsync<RedisConnectionException>(() => ConnectionMultiplexer.ConnectAsync(TlsOptions(server, certificate, "wrong")));

        Assert.Equal(ConnectionFailureType.AuthenticationFailure, error.FailureType);
    }

    [Fact]
    public async Task A_certificate_the_client_does_not_trust_is_refused()
    {
        using var certificate = TestCertificates.SelfSigned();
        using var other = TestCertificates.SelfSigned();
        await using var server = await StartTls(certificate, "secret");

        await Assert.ThrowsAsync<RedisConnectionException>(() => ConnectionMultiplexer.ConnectAsync(TlsOptions(server, other, "secret")));
    }

    [Fact]
    public async Task After_a_killed_server_came_back_calls_and_subscriptions_work_again()
    {
        await using var server = await RedisServer.StartAsync();
        await using var connection = await ConnectionMultiplexer.ConnectAsync(new ConfigurationOptions
        {
            EndPoints = { { "127.0.0.1", server.Port } },
            ReconnectRetryPolicy = new LinearRetry(200),
        });
        var db = connection.GetDatabase();
        var subscriber = connection.GetSubscriber();
        var channel = RedisChannel.Literal("news");
        var queue = await subscriber.SubscribeAsync(channel);
        await db.StringSetAsync("before", 1);

        await server.KillAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => db.StringSetAsync("during", 1, flags: CommandFlags.DemandMaster));
        await server.RestartAsync();

        // The client reconnects on its own clock, so ask until it has; the token only keeps a broken client from hanging the test.
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!await Succeeds(() => db.StringSetAsync("after", 2))) await Task.Delay(100, patience.Token);
        Assert.Equal(2, await db.StringGetAsync("after"));
        while (await subscriber.PublishAsync(channel, "back") == 0) await Task.Delay(100, patience.Token);
        Assert.Equal("back", (await queue.ReadAsync(patience.Token)).Message.ToString());
    }

    [Fact]
    public async Task A_connection_the_server_cuts_is_made_anew()
    {
        await using var server = await RedisServer.StartAsync();
        await using var connection = await ConnectionMultiplexer.ConnectAsync(new ConfigurationOptions { EndPoints = { { "127.0.0.1", server.Port } }, AllowAdmin = true });
        await using var other = await ConnectionMultiplexer.ConnectAsync(new ConfigurationOptions { EndPoints = { { "127.0.0.1", server.Port } } });
        var cut = new TaskCompletionSource();
        connection.ConnectionFailed += (_, _) => cut.TrySetResult();

        await other.GetDatabase().ExecuteAsync("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
        await cut.Task.WaitAsync(TimeSpan.FromMinutes(1));

        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!await Succeeds(() => connection.GetDatabase().StringSetAsync("a", 1))) await Task.Delay(100, patience.Token);
        Assert.Equal(1, await connection.GetDatabase().StringGetAsync("a"));
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_a_connection_error()
    {
        await Assert.ThrowsAsync<RedisConnectionException>(() => ConnectionMultiplexer.ConnectAsync(new ConfigurationOptions
        {
            EndPoints = { { "127.0.0.1", FreePort.Next() } },
            ConnectRetry = 1,
        }));
    }

    private static async Task<bool> Succeeds(Func<Task<bool>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            return false;
        }
    }

    private static async Task<RedisServer> StartTls(X509Certificate2 certificate, string password)
    {
        var folder = RedisServer.NewFolder();
        var certificateFile = Path.Combine(folder, "server.crt");
        var keyFile = Path.Combine(folder, "server.key");
        await File.WriteAllTextAsync(certificateFile, certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(keyFile, certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        var port = FreePort.Next();
        return await RedisServer.StartAsync(folder, port, "--port", "0", "--tls-port", RedisServer.Invariant(port), "--tls-cert-file", certificateFile,
            "--tls-key-file", keyFile, "--tls-ca-cert-file", certificateFile, "--tls-auth-clients", "no", "--requirepass", password);
    }

    private static ConfigurationOptions TlsOptions(RedisServer server, X509Certificate2 trusted, string password)
    {
        var options = new ConfigurationOptions { EndPoints = { { "127.0.0.1", server.Port } }, Ssl = true, Password = password, ConnectRetry = 1 };
        options.CertificateValidation += (_, presented, _, _) => presented?.GetCertHashString() == trusted.Thumbprint;
        return options;
    }
}
