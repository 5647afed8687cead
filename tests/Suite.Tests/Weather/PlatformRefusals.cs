using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using ExternalAction.Contracts.Decisions.V1;
using ExternalAction.Suite.Tests.Clients;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace ExternalAction.Suite.Tests.Weather;

/// <summary>How a code of all services is reached, over each protocol; where it cannot be, why.</summary>
public sealed record Way
{
    public Func<WeatherSuite, Task>? Rest { get; private init; }
    public Func<WeatherSuite, Task>? Grpc { get; private init; }

    /// <summary>Why one protocol or both cannot reach it; docs/errors.md says the same.</summary>
    public string? Not { get; private init; }

    /// <summary>The status that stands for the code over gRPC, where the library answers and not the suite.</summary>
    public StatusCode? StatusOnly { get; private init; }

    /// <summary>The same call, over either protocol.</summary>
    public static Way Both(Func<Council, WeatherSuite, Task> call) => new() { Rest = s => call(s.Rest, s), Grpc = s => call(s.Grpc, s) };

    public static Way Each(Func<WeatherSuite, Task> rest, Func<WeatherSuite, Task> grpc, StatusCode? statusOnly = null) => new() { Rest = rest, Grpc = grpc, StatusOnly = statusOnly };

    public static Way RestOnly(Func<WeatherSuite, Task> rest, string not) => new() { Rest = rest, Not = not };

    public static Way None(string not) => new() { Not = not };

    public Func<WeatherSuite, Task>? Over(string protocol) => protocol == "REST" ? Rest : Grpc;
}

/// <summary>Every code that the services share, reached through the gateway of a running suite.</summary>
public static class PlatformRefusals
{
    private const long FarAhead = 1_000_000_000;

    /// <summary>Code → ways.</summary>
    public static IReadOnlyDictionary<string, Way> All { get; } = new Dictionary<string, Way>
    {
        ["UNSPECIFIED"] = Way.None("stands for what nobody foresaw; a fault that a test can provoke has a code of its own"),
        ["UNAUTHENTICATED"] = Way.Both((c, _) => c.Call("ListDecisions", null, [])),
        ["ROLE_MISSING"] = Way.Both((c, _) => c.Call("CreateDecision", c.Reader, [])),
        ["INVALID_FIELD"] = Way.Both((c, _) => c.Call("ListDecisions", c.Auditor, new JsonObject { ["pageSize"] = 201 })),
        ["UNKNOWN_FIELD"] = Way.RestOnly(s => s.Rest.Call("ListDecisions", s.Rest.Auditor, new JsonObject { ["colour"] = "blue" }), "protobuf passes over fields it does not know"),
        ["FIELD_REQUIRED"] = Way.Both((c, _) => c.Call("CreateDecision", c.Secretariat, [])),
        ["TEXT_TOO_LONG"] = Way.Both((c, _) => c.Call("CreateDecision", c.Secretariat, new JsonObject { ["title"] = new string('t', 501) })),
        ["TOO_MANY_ITEMS"] = Way.Both((c, _) => c.Call("CreateDecision", c.Secretariat, new JsonObject
        {
            ["title"] = "Many links",
            ["legalBasis"] = "TEU-31-1",
            ["initiative"] = "HIGH_REPRESENTATIVE",
            ["procedure"] = "MEETING",
            ["links"] = new JsonArray([.. Enumerable.Range(0, 101).Select(i => new JsonObject { ["kind"] = "MISSION", ["id"] = $"m{i}" })]),
        })),
        ["MALFORMED_BODY"] = Way.RestOnly(s => PostAsync(s, "/v1/decisions", "{ \"title\": ", "application/json"), "there is no JSON"),
        ["BODY_TOO_LARGE"] = Way.Each(
            s => s.Rest.Call("CreateDecision", s.Rest.Secretariat, new JsonObject { ["title"] = new string('t', 2 << 20) }),
            s => s.Grpc.Call("CreateDecision", s.Grpc.Secretariat, new JsonObject { ["title"] = new string('t', 5 << 20) }),
            StatusCode.ResourceExhausted),
        ["INVALID_PAGE_TOKEN"] = Way.Both((c, _) => c.Call("ListDecisions", c.Auditor, new JsonObject { ["pageToken"] = "ofAnotherList" })),
        ["IDEMPOTENCY_KEY_REUSED"] = Way.Both(async (c, _) =>
        {
            var key = Guid.NewGuid().ToString();
            var id = await c.Create();
            await c.Call("AdvanceDecision", c.Secretariat, new JsonObject { ["id"] = id, ["to"] = "PSC" }, key);
            await c.Call("AdvanceDecision", c.Secretariat, new JsonObject { ["id"] = id, ["to"] = "COREPER" }, key);
        }),
        ["IDEMPOTENCY_KEY_INVALID"] = Way.Both(async (c, _) => await c.Call("AdvanceDecision", c.Secretariat, new JsonObject { ["id"] = await c.Create(), ["to"] = "PSC" }, new string('k', 129))),
        ["RATE_LIMITED"] = Way.Both(async (c, _) =>
        {
            // Sixty-four at once are faster than the limit refills; a caller of its own, so that nobody else is refused with it.
            var token = c.IssueAsync(new JsonObject { ["role"] = "reader", ["name"] = $"Hurried {Guid.NewGuid():N}" });
            for (var asked = 0; asked < 50 * WeatherSuite.Burst; asked += 64)
            {
                await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => c.Call("ListMemberStates", token, [])));
            }
        }),
        ["OVERLOADED"] = Way.Both(async (c, s) =>
        {
            await c.Secretariat;
            Task[] calls;
            Task first;
            await using (await s.HoldJournalAsync())
            {
                // One batch hangs at the lock, as many as may wait do wait: the next is refused at once, long before the others give up.
                calls = [.. Enumerable.Range(0, 3 * WeatherSuite.QueueLimit).Select(_ => c.Create())];
                first = await Task.WhenAny(calls);
            }
            await Task.WhenAll(calls).ContinueWith(_ => { }, TaskScheduler.Default); // the next one who comes finds the queue empty
            await first;
        }),
        ["UNAVAILABLE"] = Way.Both((c, s) => s.WithoutAsync("postgres", () => c.Create())),
        ["POSITION_NOT_REACHED"] = Way.Both((c, _) => c.Call("ListDecisions", c.Auditor, [], minPosition: FarAhead)),
        ["INVALID_AS_OF"] = Way.Both(async (c, _) => await c.Call("GetDecision", c.Auditor, new JsonObject { ["id"] = await c.Create(), ["asOf"] = "yesterday" })),
        ["NO_SUCH_PATH"] = Way.Each(
            s => GetAsync(s, HttpMethod.Get, "/v1/nowhere"),
            async s =>
            {
                var empty = Marshallers.Create<Empty>(_ => [], _ => new Empty());
                var nowhere = new Method<Empty, Empty>(MethodType.Unary, "externalaction.decisions.v1.Decisions", "Nowhere", empty, empty);
                await GrpcAsync(async () => await s.Channel.CreateCallInvoker().AsyncUnaryCall(nowhere, null, default, new Empty()));
            }),
        ["METHOD_NOT_ALLOWED"] = Way.RestOnly(s => GetAsync(s, HttpMethod.Delete, "/v1/decisions"), "every call is a POST of its library"),
        ["UNSUPPORTED_MEDIA_TYPE"] = Way.RestOnly(s => PostAsync(s, "/v1/decisions", "title", "text/plain"), "there is one media type"),
        ["NOT_ACCEPTABLE"] = Way.RestOnly(s => GetAsync(s, HttpMethod.Get, "/v1/decisions", "image/png"), "there is one media type"),
        ["DEADLINE_EXCEEDED"] = Way.Each(
            async s =>
            {
                await s.Rest.Secretariat;
                await using var held = await s.HoldJournalAsync();
                await s.Rest.Create(); // the gateway's patience ends before the journal's
            },
            async s =>
            {
                var headers = await BearerAsync(s.Grpc.Secretariat);
                await using var held = await s.HoldJournalAsync();
                var client = new Decisions.DecisionsClient(s.Channel);
                var request = new CreateDecisionRequest { Title = "Slow", LegalBasis = "TEU-31-1", Initiative = Initiative.Types.Value.HighRepresentative, Procedure = Procedure.Types.Value.Meeting };
                await GrpcAsync(async () => await client.CreateDecisionAsync(request, headers, TimeProvider.System.GetUtcNow().AddSeconds(1).UtcDateTime));
            },
            StatusCode.DeadlineExceeded),
        ["TOKEN_EXPIRED"] = Way.Each(WatchOverRestAsync, WatchOverGrpcAsync),
    };

    private static async Task WatchOverRestAsync(WeatherSuite s)
    {
        var id = await s.Rest.Create();
        await s.Rest.Open(id);
        using var message = new HttpRequestMessage(HttpMethod.Get, $"/v1/decisions/{id}:watch");
        message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await ShortAsync(s.Rest));
        using var response = await s.Http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead);
        using var lines = new StreamReader(await response.EnsureSuccessStatusCode().Content.ReadAsStreamAsync());
        while (await lines.ReadLineAsync() is { } line)
        {
            if (line == "event: error")
            {
                throw RestApi.Refused(JsonNode.Parse((await lines.ReadLineAsync())!["data: ".Length..])!.AsObject());
            }
        }
    }

    private static async Task WatchOverGrpcAsync(WeatherSuite s)
    {
        var id = await s.Grpc.Create();
        await s.Grpc.Open(id);
        using var call = new Decisions.DecisionsClient(s.Channel).WatchTally(new WatchTallyRequest { Id = id }, await BearerAsync(ShortAsync(s.Grpc)));
        await GrpcAsync(async () =>
        {
            while (await call.ResponseStream.MoveNext(default))
            {
                // Until it fails.
            }
        });
    }

    /// <summary>A token that ends while somebody watches.</summary>
    private static Task<string> ShortAsync(Council council) => council.IssueAsync(new JsonObject { ["role"] = "auditor", ["name"] = "Short", ["lifetimeSeconds"] = 8 });

    private static async Task<Metadata> BearerAsync(Task<string> token) => new() { { "authorization", $"Bearer {await token}" } };

    private static async Task GrpcAsync(Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (RpcException refusal)
        {
            throw GrpcApi.Refused(refusal);
        }
    }

    private static async Task PostAsync(WeatherSuite suite, string path, string body, string mediaType)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, mediaType) };
        message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await suite.Rest.Secretariat);
        await RestApi.SendAsync(suite.Http, message);
    }

    private static async Task GetAsync(WeatherSuite suite, HttpMethod method, string path, string accept = "application/json")
    {
        using var message = new HttpRequestMessage(method, path);
        message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await suite.Rest.Secretariat);
        message.Headers.Accept.ParseAdd(accept);
        await RestApi.SendAsync(suite.Http, message);
    }
}
