using ExternalAction.Contracts.Events;
using ExternalAction.Journal.Consumers;
using ExternalAction.Journal.Relay;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ExternalAction.Journal.Tests.Relay;

/// <summary>
/// A process of the suite within a test: the sender, the listener, or both, registered as services register themselves.
/// Its journals live in a folder that outlasts it, so a test can end one and start the next.
/// </summary>
public sealed class Suite : IAsyncDisposable
{
    private readonly IHost _host;

    private Suite(IHost host, LogLines log) => (_host, Log) = (host, log);

    public LogLines Log { get; }

    public IServiceProvider Services => _host.Services;

    public Journal<SenderState, Happened> Sender => Services.GetRequiredService<Journal<SenderState, Happened>>();

    public Journal<ListenerState, Noted> Listener => Services.GetRequiredService<Journal<ListenerState, Noted>>();

    internal JournalRelay<SenderState, Happened> Relay => Services.GetServices<IHostedService>().OfType<JournalRelay<SenderState, Happened>>().Single();

    internal QueueConsumer Consumer => Services.GetRequiredKeyedService<QueueConsumer>(Tests.Relay.Listener.Queue);

    /// <summary>Starts a process.</summary>
    /// <param name="folder">Where its journals live.</param>
    /// <param name="sender">Whether it has the sender with its relay.</param>
    /// <param name="listener">Whether it has the listener.</param>
    /// <param name="settings">More configuration: the broker, PostgreSQL.</param>
    /// <param name="broken">While true, the listener fails on the kind <c>faulty</c>.</param>
    /// <param name="more">More registrations.</param>
    public static async Task<Suite> StartAsync(
        string folder, bool sender = true, bool listener = true, IReadOnlyDictionary<string, string?>? settings = null,
        Func<bool>? broken = null, Action<IHostApplicationBuilder>? more = null)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true, ApplicationName = "suite" });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Journal:Folder"] = folder,
            ["Journal:Root"] = folder,
            ["Relay:Queues:decisions:0"] = Tests.Relay.Listener.Queue,
        });
        builder.Configuration.AddInMemoryCollection(settings ?? new Dictionary<string, string?>());
        var log = new LogLines();
        builder.Logging.AddProvider(log);
        if (sender)
        {
            builder.Services.AddJournal(builder.Configuration, Tests.Relay.Sender.Definition);
            builder.AddRelay<SenderState, Happened>(Tests.Relay.Sender.Service, Tests.Relay.Sender.EventsOf);
        }

        if (listener)
        {
            builder.Services.AddJournal(builder.Configuration, Tests.Relay.Listener.Definition("listener"));
            builder.AddConsumer<ListenerState, Noted, string>(
                "decisions", Tests.Relay.Listener.Queue, refusal => refusal, events => Tests.Relay.Listener.On(events, broken ?? (() => false)));
        }

        more?.Invoke(builder);
        var host = builder.Build();
        await host.StartAsync();
        return new Suite(host, log);
    }

    /// <summary>What the listener has noted once it has noted this many.</summary>
    public async Task<IReadOnlyList<string>> NotesAsync(int count)
    {
        await EventuallyAsync(() => Listener.Current.State.Notes.Count >= count, () => $"{Listener.Current.State.Notes.Count} of {count} noted; {Consumer.Obstacle}");
        return Listener.Current.State.Notes;
    }

    /// <summary>The health of everything whose name begins so.</summary>
    public async Task<HealthReportEntry> HealthAsync(string name)
        => (await Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(check => check.Name == name, CancellationToken.None)).Entries.Single().Value;

    /// <summary>An envelope as the sender's relay would make it, for what only a test sends.</summary>
    public IntegrationEvent Envelope(long position, EventPlace previous, string type, string payload) => new(
        Tests.Relay.Sender.Service, Sender.JournalId, position, 0, previous.Position, previous.Index, type, "alice", DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, payload);

    /// <summary>Puts envelopes into the listener's queue; over a broker they travel in one message.</summary>
    public async Task SendAsync(params IEnumerable<IntegrationEvent> envelopes)
    {
        var broker = Services.GetRequiredService<Broker>();
        await using var connection = broker.IsInMemory ? null : await broker.ConnectAsync("test", CancellationToken.None);
        await using EventSender sender = connection is null
            ? new MemorySender(Services.GetRequiredService<MassTransit.IBus>())
            : await BrokerSender.OpenAsync(connection, CancellationToken.None);
        foreach (var envelope in envelopes)
        {
            await sender.SendAsync(Tests.Relay.Listener.Queue, envelope, CancellationToken.None);
        }

        await sender.ConfirmAsync(CancellationToken.None);
    }

    /// <summary>Waits for something that will happen; two minutes say that it does not.</summary>
    public static async Task EventuallyAsync(Func<bool> happened, Func<string> otherwise)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (!happened())
        {
            Assert.False(limit.IsCancellationRequested, otherwise());
            await Task.Delay(20);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        if (_host is IAsyncDisposable host)
        {
            await host.DisposeAsync();
        }

        Assert.Empty(Log.UnexpectedErrors);
    }
}
