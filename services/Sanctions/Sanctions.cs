using ExternalAction.Journal;
using ExternalAction.Journal.Consumers;
using ExternalAction.Journal.Relay;
using ExternalAction.Sanctions.Consumers;
using ExternalAction.Sanctions.Domain;
using ExternalAction.Sanctions.Grpc;
using ExternalAction.Sanctions.Private;
using ExternalAction.Sanctions.Queries;
using ExternalAction.Sanctions.Records;
using ExternalAction.Sanctions.Screening;
using ExternalAction.ServiceDefaults;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ExternalAction.Sanctions;

/// <summary>The Sanctions service as two calls, so that it runs in a process of its own or together with the others.</summary>
public static class SanctionsExtensions
{
    /// <summary>Registers the service: journal, clock, rpcs, relay, and what it hears of Decisions.</summary>
    public static WebApplicationBuilder AddSanctions(this WebApplicationBuilder builder)
    {
        builder.AddServiceDefaults();
        builder.Services.AddGrpcServices();
        builder.Services.MapExceptions(JournalErrors.Map);
        builder.Services.AddJournal(builder.Configuration, SanctionsJournal.Definition);
        builder.AddRelay<SanctionsState, SanctionsEvent>(SanctionsJournal.Service, Integration.Of);
        builder.AddConsumer<SanctionsState, SanctionsEvent, Refusal>("decisions", FromDecisions.Queue, refusal => $"{refusal.Code}: {refusal.Detail}", FromDecisions.Handle);
        PrivateStore.Add(builder, SanctionsJournal.Service);
        builder.Services.AddSingleton<Commands>();
        builder.Services.AddSingleton<SealedSubjects>();
        builder.Services.AddHostedService<Rescreening>();
        builder.Services.AddHostedService<KeyShredder>();
        builder.Services.AddSingleton<ImportSlots>();
        builder.Services.AddHostedService<Clock>();
        builder.Services.AddHostedService<GivingBack>();
        builder.Services.AddSingleton(ScreeningRetention.FromConfiguration(builder.Configuration));
        builder.Services.AddSingleton<ScreeningTable>();
        builder.Services.AddHostedService<ScreeningSeals>();
        builder.Services.AddSingleton<ScreeningRecords>();
        builder.Services.AddHostedService(services => services.GetRequiredService<ScreeningRecords>());
        builder.Services.AddSingleton<Recorder>();
        builder.Services.AddSingleton<ScreeningArchive>();
        builder.Services.MapExceptions(ScreeningAlteredException.Map);
        builder.Services.AddSingleton<PastStates>();
        builder.Services.AddSingleton<ScreeningLists>();
        builder.Services.AddHostedService(services => services.GetRequiredService<ScreeningLists>());

        // Known to the container, they are made by it: for what it does not know, gRPC compiles a factory from an expression tree.
        builder.Services.AddScoped<RegimesService>();
        builder.Services.AddScoped<ListingsService>();
        builder.Services.AddScoped<ListsService>();
        builder.Services.AddScoped<ScreeningsService>();
        builder.Services.AddScoped<SubjectsService>();
        builder.Services.AddScoped<ExclusionsService>();
        builder.Services.AddHealthChecks().AddCheck<RegimesCheck>("sanctions:regimes", tags: ["ready"])
            .AddCheck<ScreeningCheck>("sanctions:screening", tags: ["ready"]);
        return builder;
    }

    /// <summary>Maps the service's rpcs.</summary>
    public static WebApplication MapSanctions(this WebApplication app)
    {
        app.MapGrpcService<RegimesService>();
        app.MapGrpcService<ListingsService>();
        app.MapGrpcService<ListsService>();
        app.MapGrpcService<ScreeningsService>();
        app.MapGrpcService<SubjectsService>();
        app.MapGrpcService<ExclusionsService>();
        return app;
    }
}

/// <summary>Healthy once there are regimes to list under: a new journal has them a moment after its start.</summary>
internal sealed class RegimesCheck(Journal<SanctionsState, SanctionsEvent> journal) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(journal.IsReady && !journal.Current.State.Regimes.IsEmpty ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("The regimes are not recorded yet."));
}
