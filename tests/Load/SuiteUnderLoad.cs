using System.Diagnostics;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using ExternalAction.Contracts.Decisions.V1;
using Grpc.Core;
using Grpc.Net.Client;
using Npgsql;
using Proto = ExternalAction.Contracts.Decisions.V1;

namespace ExternalAction.Load;

/// <summary>
/// The distributed suite with one open vote, and what 64 callers do to it: closed loop, fixed counts. The rate limits are out of the
/// way and the access log is off; everything else is as a newcomer runs it.
/// </summary>
internal sealed class SuiteUnderLoad : IAsyncDisposable
{
    public const int Callers = 64;

    private readonly DistributedApplication _app;
    private readonly DirectoryInfo _data;
    private readonly HttpClient _http;
    private readonly GrpcChannel _through;
    private readonly GrpcChannel _direct;
    private readonly Proto.Decisions.DecisionsClient _decisions;
    private readonly ReferenceData.ReferenceDataClient _throughGateway;
    private readonly ReferenceData.ReferenceDataClient _atService;
    private readonly List<(string Member, Metadata Bearer)> _delegations = [];
    private Metadata _secretariat = [];
    private string _file = "";

    private SuiteUnderLoad(DistributedApplication app, DirectoryInfo data, string database)
    {
        (_app, _data, Database) = (app, data, database);
        _http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = Callers }) { BaseAddress = app.GetEndpoint("gateway", "http") };
        _through = Channel(app.GetEndpoint("gateway", "grpc"));
        _direct = Channel(app.GetEndpoint("decisions", "grpc"));
        _decisions = new(_through);
        _throughGateway = new(_through);
        _atService = new(_direct);
    }

    /// <summary>Connection string of the journal's database.</summary>
    public string Database { get; }

    public static async Task<SuiteUnderLoad> StartAsync()
    {
        var data = Directory.CreateTempSubdirectory("ea-load-");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(data.FullName, (UnixFileMode)0b111_101_101);
        }

        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(["--mode", "distributed", "--data", data.FullName]);
        builder.CreateResourceBuilder(builder.Resources.OfType<ProjectResource>().Single(r => r.Name == "gateway"))
            .WithEnvironment("Gateway__RateLimit__PerSecond", "1000000").WithEnvironment("Gateway__RateLimit__Burst", "1000000")
            .WithEnvironment("Logging__LogLevel__ExternalAction.Gateway.Access", "Warning");
        var app = await builder.BuildAsync();
        await app.StartAsync();
        await app.ResourceNotifications.WaitForResourceHealthyAsync("gateway", default);
        var suite = new SuiteUnderLoad(app, data, (await app.GetConnectionStringAsync("decisions-db", default))!);
        await suite.OpenVoteAsync();
        return suite;
    }

    /// <summary>Durable votes, each under a key of its own; calls per second.</summary>
    public Task<double> VoteOverGrpcAsync(string run, int count) => RateAsync(count, async i =>
    {
        var (member, bearer) = _delegations[i % _delegations.Count];
        await _decisions.RecordVoteAsync(
            new RecordVoteRequest { Id = _file, MemberState = member, Position = Position.Types.Value.For },
            new Metadata { bearer[0], { "idempotency-key", $"{run}-{i}" } });
    });

    /// <summary>The same over REST.</summary>
    public Task<double> VoteOverRestAsync(string run, int count) => RateAsync(count, async i =>
    {
        var (member, bearer) = _delegations[i % _delegations.Count];
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/decisions/{_file}/votes")
        {
            Content = new StringContent($"{{\"memberState\":\"{member}\",\"position\":\"FOR\"}}", Encoding.UTF8, "application/json"),
        };
        request.Headers.TryAddWithoutValidation("authorization", bearer[0].Value);
        request.Headers.Add("idempotency-key", $"{run}-{i}");
        using var response = await _http.SendAsync(request);
        response.EnsureSuccessStatusCode();
    });

    /// <summary>A small read over gRPC, at the gateway or at the service itself.</summary>
    public Task<double> EchoAsync(bool direct, int count)
    {
        var client = direct ? _atService : _throughGateway;
        return RateAsync(count, async _ => await client.ListOptOutsAsync(new ListOptOutsRequest { Date = "2025-06-01" }, _secretariat));
    }

    /// <summary>A REST read that the gateway may keep; the path may depend on the call's number.</summary>
    public Task<double> ReadAsync(Func<int, string> path, int count) => RateAsync(count, async i =>
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path(i));
        request.Headers.TryAddWithoutValidation("authorization", _secretariat[0].Value);
        using var response = await _http.SendAsync(request);
        response.EnsureSuccessStatusCode();
    });

    /// <summary>Ends the services that only listen; what they are told waits in their queues.</summary>
    public async Task StopListenersAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await _app.ResourceCommands.ExecuteCommandAsync("sanctions", KnownResourceCommands.StopCommand, limit.Token);
    }

    /// <summary>How many transactions have written journal rows.</summary>
    public Task<long> CountCommitsAsync() => AskAsync<long>("SELECT count(DISTINCT xmin::text) FROM journal_rows");

    /// <summary>Waits until the relay has published everything and noted it (it does once a second); how long that took, in seconds.</summary>
    public async Task<double> DrainAsync()
    {
        var watch = Stopwatch.StartNew();
        while (!await AskAsync<bool>("SELECT coalesce((SELECT position FROM journal_checkpoints WHERE relay = 'rabbitmq'), 0) >= (SELECT max(position) FROM journal_rows)"))
        {
            if (watch.Elapsed > TimeSpan.FromMinutes(2))
            {
                throw new TimeoutException("The relay has not published everything.");
            }

            await Task.Delay(100);
        }

        return watch.Elapsed.TotalSeconds;
    }

    public async ValueTask DisposeAsync()
    {
        _through.Dispose();
        _direct.Dispose();
        _http.Dispose();
        await _app.DisposeAsync();
        _data.Delete(recursive: true);
    }

    private async Task OpenVoteAsync()
    {
        _secretariat = await BearerAsync("secretariat", null);
        foreach (var member in (string[])["FR", "DE", "IT", "ES", "PL", "RO", "NL", "BE"])
        {
            _delegations.Add((member, await BearerAsync("delegation", member)));
        }

        var file = await _decisions.CreateDecisionAsync(new CreateDecisionRequest
        {
            Title = "Load",
            LegalBasis = "TEU-31-1",
            Initiative = Initiative.Types.Value.HighRepresentative,
            Procedure = Procedure.Types.Value.Meeting,
        }, _secretariat);
        await _decisions.OpenVoteAsync(new OpenVoteRequest { Id = file.Id }, _secretariat);
        _file = file.Id;
    }

    private async Task<Metadata> BearerAsync(string role, string? member)
    {
        var body = new JsonObject { ["role"] = role, ["name"] = "load" };
        if (member is not null)
        {
            body["memberState"] = member;
        }

        using var response = await _http.PostAsJsonAsync("/dev/tokens", body);
        response.EnsureSuccessStatusCode();
        return new() { { "authorization", $"Bearer {(string)(await response.Content.ReadFromJsonAsync<JsonObject>())!["token"]!}" } };
    }

    private async Task<T> AskAsync<T>(string sql)
    {
        await using var connection = new NpgsqlConnection(Database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    private static GrpcChannel Channel(Uri address) => GrpcChannel.ForAddress(address, new GrpcChannelOptions { HttpHandler = new SocketsHttpHandler { EnableMultipleHttp2Connections = true } });

    /// <summary>So many calls by all callers together; calls per second.</summary>
    private static async Task<double> RateAsync(int count, Func<int, Task> call)
    {
        var next = 0;
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
        {
            for (var i = Interlocked.Increment(ref next); i <= count; i = Interlocked.Increment(ref next))
            {
                await call(i);
            }
        })));
        return count / watch.Elapsed.TotalSeconds;
    }
}
