// A process of the suite in small: the real defaults on a real Kestrel with the two cleartext ports every service has,
// hosting the probe service. Logs are kept, so a test can say which errors may appear.
using System.Collections.Concurrent;
using ExternalAction.House.Tests.Probe.V1;
using ExternalAction.ServiceDefaults;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ExternalAction.House.Tests.Defaults;

public sealed class ProbeHost : IAsyncDisposable
{
    private readonly GrpcChannel _channel;

    private ProbeHost(WebApplication app, Clock clock, ConcurrentQueue<string> errors, string http, string grpc)
    {
        App = app;
        Clock = clock;
        Errors = errors;
        HttpAddress = http;
        GrpcAddress = grpc;
        Http = new HttpClient { BaseAddress = new Uri(http) };
        _channel = GrpcChannel.ForAddress(grpc);
        Client = new Probe.V1.Probe.ProbeClient(_channel);
    }

    public WebApplication App { get; }
    public Clock Clock { get; }
    public ConcurrentQueue<string> Errors { get; }
    public string HttpAddress { get; }
    public string GrpcAddress { get; }
    public HttpClient Http { get; }
    public Probe.V1.Probe.ProbeClient Client { get; }
    public CallInvoker Invoker => _channel.CreateCallInvoker();

    public static async Task<ProbeHost> StartAsync(
        Dictionary<string, string?>? settings = null,
        string environment = "Development",
        Action<WebApplicationBuilder>? configure = null,
        Action<WebApplication>? map = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = environment, ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddInMemoryCollection(settings ?? []);
        var errors = new ConcurrentQueue<string>();
        builder.Logging.ClearProviders();
        builder.Logging.AddProvider(new ErrorLog(errors));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        });
        var clock = new Clock();
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.AddServiceDefaults();
        builder.Services.AddGrpcServices();
        builder.Services.AddSingleton<ProbeService>();
        configure?.Invoke(builder);

        var app = builder.Build();
        app.UseProblems();
        app.MapDefaultEndpoints();
        app.MapErrorCatalog();
        app.MapGrpcService<ProbeService>();
        app.MapGet("/own/secretariat", (HttpContext http) => http.Response.WriteAsync(http.Caller().Subject)).RequireRoles(Roles.Secretariat);
        app.MapGet("/own/fault", void () => throw new InvalidDataException("secret: the password is 1234")).AllowAnonymous();
        app.MapPost("/own/open", () => "ok").AllowAnonymous();
        map?.Invoke(app);
        try
        {
            await app.StartAsync();
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.ToArray();
        return new ProbeHost(app, clock, errors, addresses[0], addresses[1]);
    }

    public static Dictionary<string, string?> Trusting(Issuer issuer) => new()
    {
        ["Authentication:Authority"] = issuer.Authority,
        ["Authentication:Audience"] = Issuer.Audience,
    };

    public static Metadata Bearer(string token) => new() { { "authorization", $"Bearer {token}" } };

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        _channel.Dispose();
        await App.StopAsync();
        await App.DisposeAsync();
    }

    private sealed class ErrorLog(ConcurrentQueue<string> errors) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;
        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                errors.Enqueue($"{formatter(state, exception)} {exception?.Message}");
            }
        }

        public void Dispose()
        {
        }
    }
}

/// <summary>The real clock, which a test can set forward or stop.</summary>
public sealed class Clock : TimeProvider
{
    private long _ahead;
    private long _stoppedAt;

    public override DateTimeOffset GetUtcNow()
    {
        var stopped = Volatile.Read(ref _stoppedAt);
        return (stopped == 0 ? System.GetUtcNow() : new DateTimeOffset(stopped, TimeSpan.Zero)).AddTicks(Volatile.Read(ref _ahead));
    }

    public void Stop() => Volatile.Write(ref _stoppedAt, System.GetUtcNow().Ticks);

    public void Forward(TimeSpan by) => Interlocked.Add(ref _ahead, by.Ticks);
}

public sealed class ProbeService(TimeProvider clock) : Probe.V1.Probe.ProbeBase
{
    private int _attempts;

    /// <summary>How many calls of <c>Describe</c> answer UNAVAILABLE from now on.</summary>
    public int UnavailableFor { get; set; }

    public int Attempts => Volatile.Read(ref _attempts);

    public override async Task<ProbeReply> Describe(ProbeRequest request, ServerCallContext context)
    {
        if (request.Text == "forward")
        {
            return await context.GetHttpContext().RequestServices.GetRequiredService<Probe.V1.Probe.ProbeClient>().DescribeAsync(new ProbeRequest());
        }

        var attempt = Interlocked.Increment(ref _attempts);
        if (attempt <= UnavailableFor)
        {
            throw RpcErrors.Create(Contracts.Platform.V1.PlatformError.Types.Code.Unavailable, "Not yet.");
        }

        var caller = context.Caller();
        var facts = context.Facts();
        facts.SetPosition(42);
        return new ProbeReply
        {
            Text = request.Text,
            Subject = caller.Subject,
            Name = caller.Name,
            Roles = { caller.Roles.Order() },
            MemberState = caller.MemberState ?? "",
            IdempotencyKey = facts.IdempotencyKey ?? "",
            MinPosition = facts.MinPosition ?? -1,
            LastEventId = facts.LastEventId ?? -1,
            Attempt = attempt,
            DeadlineMilliseconds = context.Deadline == DateTime.MaxValue ? -1 : (long)(context.Deadline - clock.GetUtcNow().UtcDateTime).TotalMilliseconds,
        };
    }

    public override Task<ProbeReply> ForSecretariat(ProbeRequest request, ServerCallContext context) => Task.FromResult(new ProbeReply { Text = "in" });

    public override Task<ProbeReply> ForEveryone(ProbeRequest request, ServerCallContext context) => Task.FromResult(new ProbeReply { Text = "in" });

    public override async Task<ProbeReply> Fail(ProbeRequest request, ServerCallContext context)
    {
        switch (request.Text)
        {
            case "article":
                throw RpcErrors.Create(
                    Contracts.Decisions.V1.DecisionsError.Types.Code.QualifiedMajorityExcluded,
                    "A decision with military implications – „Rüstung“ – takes unanimity.", "legalBasis", "TEU 31(4)");
            case "own":
                throw RpcErrors.Create(ProbeError.Types.Code.Teapot, "short and stout");
            case "mapped":
                throw new TimeZoneNotFoundException("a library's exception");
            case "wait":
                await Task.Delay(Timeout.Infinite, context.CancellationToken);
                break;
            case "broken":
                throw new IOException("the stream broke");
            case "long":
                throw RpcErrors.Create(ProbeError.Types.Code.Teapot, new string('x', 5_000));
            default:
                throw new InvalidDataException("secret: the password is 1234");
        }

        return new ProbeReply();
    }

    public override async Task Watch(ProbeRequest request, IServerStreamWriter<ProbeReply> responseStream, ServerCallContext context)
    {
        using var life = StreamLifetime.Of(context);
        await responseStream.WriteAsync(new ProbeReply { Text = "first" }, life.Token);
        await Task.Delay(Timeout.Infinite, life.Token);
    }

    public override async Task<ProbeReply> Upload(IAsyncStreamReader<ProbeRequest> requestStream, ServerCallContext context)
    {
        var count = 0;
        await foreach (var _ in requestStream.ReadAllAsync())
        {
            count++;
        }

        return new ProbeReply { Attempt = count };
    }

    public override async Task Converse(IAsyncStreamReader<ProbeRequest> requestStream, IServerStreamWriter<ProbeReply> responseStream, ServerCallContext context)
    {
        await foreach (var request in requestStream.ReadAllAsync())
        {
            await responseStream.WriteAsync(new ProbeReply { Text = request.Text });
        }
    }
}

public sealed class SilentService : Silent.SilentBase
{
    public override Task<ProbeReply> Speak(ProbeRequest request, ServerCallContext context) => Task.FromResult(new ProbeReply());
}

/// <summary>A contract's own read, unavailable twice.</summary>
public sealed class FlakyReference : Contracts.Decisions.V1.ReferenceData.ReferenceDataBase
{
    private int _attempts;

    public override Task<Contracts.Decisions.V1.ListOptOutsReply> ListOptOuts(Contracts.Decisions.V1.ListOptOutsRequest request, ServerCallContext context) =>
        Interlocked.Increment(ref _attempts) <= 2
            ? throw RpcErrors.Create(Contracts.Platform.V1.PlatformError.Types.Code.Unavailable, "Not yet.")
            : Task.FromResult(new Contracts.Decisions.V1.ListOptOutsReply());
}
