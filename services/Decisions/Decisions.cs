using ExternalAction.Decisions.Domain;
using ExternalAction.Decisions.Grpc;
using ExternalAction.Journal;
using ExternalAction.Journal.Relay;
using ExternalAction.ServiceDefaults;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ExternalAction.Decisions;

/// <summary>The Decisions service as two calls, so that it runs in a process of its own or together with the others.</summary>
public static class DecisionsExtensions
{
    /// <summary>Registers the service: journal, clock, rpcs, relay.</summary>
    public static WebApplicationBuilder AddDecisions(this WebApplicationBuilder builder)
    {
        builder.AddServiceDefaults();
        builder.Services.AddGrpcServices();
        builder.Services.MapExceptions(JournalErrors.Map);
        builder.Services.AddJournal(builder.Configuration, DecisionsJournal.Definition);
        builder.AddRelay<DecisionsState, DecisionsEvent>(DecisionsJournal.Service, Integration.Of);
        builder.Services.AddSingleton<Commands>();
        builder.Services.AddSingleton<Receipts>();
        builder.Services.AddSingleton<AnalysisSlots>();
        builder.Services.AddHostedService<Clock>();
        builder.Services.AddHealthChecks().AddCheck<ReferenceDataCheck>("decisions:reference-data", tags: ["ready"]);
        return builder;
    }

    /// <summary>Maps the service's rpcs.</summary>
    public static WebApplication MapDecisions(this WebApplication app)
    {
        app.MapGrpcService<DecisionsService>();
        app.MapGrpcService<VotesService>();
        app.MapGrpcService<ReferenceDataService>();
        return app;
    }
}

/// <summary>Healthy once there are members and legal bases to vote by: a new journal has them a moment after its start.</summary>
internal sealed class ReferenceDataCheck(Journal<DecisionsState, DecisionsEvent> journal) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(journal.IsReady && journal.Current.State.Reference is { MemberStates.IsEmpty: false, LegalBases.IsEmpty: false, OptOuts.IsEmpty: false }
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy("The reference data is not recorded yet."));
}
