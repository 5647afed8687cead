using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using ExternalAction.Contracts.Decisions.V1;
using ExternalAction.Testing;
using Grpc.Core;
using Grpc.Net.Client;
using Npgsql;
using Proto = ExternalAction.Contracts.Decisions.V1;

namespace ExternalAction.Load;

/// <summary>
/// The distributed suite under load, closed loop, fixed counts: durable votes through the gateway over gRPC and REST against
/// pgbench on the same server in the same run; a small read through the gateway against the same read made at the
/// service; a kept REST read against one that is not kept. Load generator, gateway, service and servers share the machine.
/// </summary>
internal static class SuiteLoad
{
    private const int Callers = 64;
    private const int Votes = 20_000;
    private const int Calls = 40_000;
    private const int Reads = 20_000;
    private const int ReferenceSeconds = 8;
    private const int Rounds = 3;

    public static async Task RunAsync()
    {
        var data = Directory.CreateTempSubdirectory("ea-load-");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(data.FullName, (UnixFileMode)0b111_101_101);
        }
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(
            ["--mode", "distributed", "--data", data.FullName]);
        var gateway = builder.CreateResourceBuilder(builder.Resources.OfType<ProjectResource>().Single(r => r.Name == "gateway"));
        gateway.WithEnvironment("Gateway__RateLimit__PerSecond", "1000000").WithEnvironment("Gateway__RateLimit__Burst", "1000000")
            .WithEnvironment("Logging__LogLevel__ExternalAction.Gateway.Access", "Warning");
        await using var app = await builder.BuildAsync();
        await app.StartAsync();
        await app.ResourceNotifications.WaitForResourceHealthyAsync("gateway", default);

        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = Callers }) { BaseAddress = app.GetEndpoint("gateway", "http") };
        using var through = Channel(app.GetEndpoint("gateway", "grpc"));
        using var direct = Channel(app.GetEndpoint("decisions", "grpc"));
        var secretariat = Bearer(await TokenAsync(http, "secretariat", null));
        var delegations = new ConcurrentDictionary<string, Metadata>();
        foreach (var member in (string[])["FR", "DE", "IT", "ES", "PL", "RO", "NL", "BE"])
        {
            delegations[member] = Bearer(await TokenAsync(http, "delegation", member));
        }
        var members = delegations.Keys.ToArray();
        var database = (await app.GetConnectionStringAsync("decisions-db", default))!;

        var decisions = new Proto.Decisions.DecisionsClient(through);
        var atService = new ReferenceData.ReferenceDataClient(direct);
        var throughGateway = new ReferenceData.ReferenceDataClient(through);
        var file = await decisions.CreateDecisionAsync(new CreateDecisionRequest
        {
            Title = "Load",
            LegalBasis = "TEU-31-1",
            Initiative = Initiative.Types.Value.HighRepresentative,
            Procedure = Procedure.Types.Value.Meeting,
        }, secretariat);
        await decisions.OpenVoteAsync(new OpenVoteRequest { Id = file.Id }, secretariat);

        var (reference, overGrpc, overRest, gatewayEcho, directEcho, kept, fresh, perCommit) = (new List<double>(), new List<double>(), new List<double>(), new List<double>(), new List<double>(), new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            reference.Add(await PgBench.RunAsync(PostgresServer.FindBinaries(), database, Callers, ReferenceSeconds, new string('x', 220)));
            var before = await CommitsAsync(database);
            overGrpc.Add(await RateAsync(Votes, async i =>
            {
                var member = members[i % members.Length];
                await decisions.RecordVoteAsync(new RecordVoteRequest { Id = file.Id, MemberState = member, Position = Position.Types.Value.For }, Keyed(delegations[member], $"g{round}-{i}"));
            }));
            perCommit.Add((double)Votes / (await CommitsAsync(database) - before));
            overRest.Add(await RateAsync(Votes / 2, async i =>
            {
                var member = members[i % members.Length];
                using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/decisions/{file.Id}/votes")
                {
                    Content = new StringContent($"{{\"memberState\":\"{member}\",\"position\":\"FOR\"}}", Encoding.UTF8, "application/json"),
                };
                request.Headers.TryAddWithoutValidation("authorization", delegations[member].GetValue("authorization"));
                request.Headers.Add("idempotency-key", $"r{round}-{i}");
                using var response = await http.SendAsync(request);
                response.EnsureSuccessStatusCode();
            }));
            directEcho.Add(await RateAsync(Calls, async _ => await atService.ListOptOutsAsync(new ListOptOutsRequest { Date = "2025-06-01" }, secretariat)));
            gatewayEcho.Add(await RateAsync(Calls, async _ => await throughGateway.ListOptOutsAsync(new ListOptOutsRequest { Date = "2025-06-01" }, secretariat)));
            fresh.Add(await RateAsync(Reads, i => ReadAsync(http, secretariat, $"/v1/memberStates?date={new DateOnly(2021, 1, 1).AddDays((round * Reads) + i):yyyy-MM-dd}")));
            kept.Add(await RateAsync(Reads, _ => ReadAsync(http, secretariat, "/v1/memberStates?date=2020-06-01")));
        }

        Console.WriteLine($"medians of {Rounds} rounds, {Callers} callers, {Environment.ProcessorCount} cores");
        Say("reference: pgbench, single-row inserts", reference, null);
        Say("durable votes through the gateway, gRPC", overGrpc, reference);
        Say("durable votes through the gateway, REST", overRest, reference);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"votes per commit, gRPC: {Median(perCommit):0.0}"));
        Say("reference: small gRPC read, direct", directEcho, null);
        Say("small gRPC read through the gateway", gatewayEcho, directEcho);
        Say("reference: REST read, each another day, so not kept", fresh, null);
        Say("REST read, kept", kept, fresh);
    }

    private static GrpcChannel Channel(Uri address) => GrpcChannel.ForAddress(address, new GrpcChannelOptions { HttpHandler = new SocketsHttpHandler { EnableMultipleHttp2Connections = true } });

    private static Metadata Bearer(string token) => new() { { "authorization", $"Bearer {token}" } };

    private static Metadata Keyed(Metadata bearer, string key) => new() { bearer.Get("authorization")!, { "idempotency-key", key } };

    private static async Task<string> TokenAsync(HttpClient http, string role, string? member)
    {
        var body = new JsonObject { ["role"] = role, ["name"] = "load" };
        if (member is not null)
        {
            body["memberState"] = member;
        }
        using var response = await http.PostAsJsonAsync("/dev/tokens", body);
        response.EnsureSuccessStatusCode();
        return (string)(await response.Content.ReadFromJsonAsync<JsonObject>())!["token"]!;
    }

    private static async Task ReadAsync(HttpClient http, Metadata bearer, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("authorization", bearer.GetValue("authorization"));
        using var response = await http.SendAsync(request);
        response.EnsureSuccessStatusCode();
    }

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

    /// <summary>How many transactions have written journal rows.</summary>
    private static async Task<long> CommitsAsync(string database)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT count(DISTINCT xmin::text) FROM journal_rows", connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static void Say(string what, List<double> rates, List<double>? reference) => Console.WriteLine(reference is null
        ? string.Create(CultureInfo.InvariantCulture, $"{what}: {Median(rates):0} per second")
        : string.Create(CultureInfo.InvariantCulture, $"{what}: {Median(rates):0} per second, {Median(rates) / Median(reference):0.00} x"));
}
