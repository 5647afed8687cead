using System.Globalization;
using ExternalAction.Contracts.Events;
using ExternalAction.Journal.Consumers;
using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ExternalAction.Journal.Relay;

/// <summary>Puts a journal's relay into the host. One line in <c>AddDecisions()</c>, after <c>AddJournal</c>.</summary>
public static class RelayRegistration
{
    /// <summary>
    /// Publishes a service's events to whoever subscribes: adds the bus, the relay and the health check <c>relay:{service}</c>.
    /// Of several processes on one journal, one publishes and the others stand by.
    /// </summary>
    /// <param name="builder">The host.</param>
    /// <param name="service">The journal's service, for example <c>decisions</c>.</param>
    /// <param name="eventsOf">
    /// A state at or after the event, and the event → records of <c>ExternalAction.Contracts.Events</c>, perhaps none. Pure, and
    /// the same years later: of the state only what never changes may be read.
    /// </param>
    public static IHostApplicationBuilder AddRelay<TState, TEvent>(
        this IHostApplicationBuilder builder, string service, Func<TState, TEvent, IEnumerable<object>> eventsOf)
        where TState : class
        where TEvent : class
    {
        builder.AddServiceBus();
        var settings = RelaySettings.FromConfiguration(builder.Configuration, service);
        var status = new RelayStatus();
        builder.Services.AddSingleton<IHostedService>(services =>
        {
            var journal = services.GetRequiredService<Journal<TState, TEvent>>();
            return new JournalRelay<TState, TEvent>(
                journal,
                new EventMap<TState, TEvent>(journal, eventsOf),
                settings,
                services.GetRequiredService<Broker>(),
                services.GetRequiredService<IBusControl>(),
                services.GetServices<QueueConsumer>(),
                status,
                services.GetRequiredService<TimeProvider>(),
                services.GetRequiredService<ILogger<JournalRelay<TState, TEvent>>>());
        });
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            $"relay:{service}",
            services => new RelayHealth(
                services.GetRequiredService<Journal<TState, TEvent>>(), status, services.GetRequiredService<Broker>(), services.GetRequiredService<TimeProvider>()),
            HealthStatus.Degraded,
            ["ready"]));
        return builder;
    }
}

/// <summary>Who receives a source's events.</summary>
/// <param name="Queues">Names of durable queues: those of Contracts, and those of this deployment.</param>
internal sealed record RelaySettings(IReadOnlyList<string> Queues)
{
    /// <summary>The subscriptions of Contracts and the list <c>Relay:Queues:{source}</c>, for example <c>Relay__Queues__decisions__0=archive.decisions</c>.</summary>
    /// <exception cref="InvalidOperationException">A name is not 1 to 200 letters, digits, points, hyphens and underscores.</exception>
    public static RelaySettings FromConfiguration(IConfiguration configuration, string source)
    {
        var own = configuration.GetSection($"Relay:Queues:{source}").GetChildren().Select(entry => entry.Value ?? "").ToList();
        if (own.Find(name => name.Length is 0 or > 200 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_')) is { } bad)
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"Relay:Queues:{source} names the queue '{bad}'; a name is 1 to 200 letters, digits, points, hyphens and underscores."));
        }

        return new RelaySettings([.. Subscriptions.All.Where(s => s.Source == source).Select(s => s.Queue).Concat(own).Distinct(StringComparer.Ordinal)]);
    }
}
