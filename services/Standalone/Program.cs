// The whole suite in one process: every service and the gateway, one bus, SQLite. What a newcomer runs, and what a small
// installation needs. Each service is added by the same two calls its own Program.cs makes.
using ExternalAction.Contracts.Decisions.V1;
using ExternalAction.Decisions;
using ExternalAction.Gateway;
using ExternalAction.Gateway.Caching;
using ExternalAction.Journal.Relay;

var builder = WebApplication.CreateBuilder(args);
builder.AddDecisions();
builder.AddGateway(new GatewayService("decisions", DecisionsReflection.Descriptor, VotesReflection.Descriptor, ReferenceReflection.Descriptor) { Local = true });
builder.AddEphemeralSubscription("decisions", (provider, happened, _) =>
{
    provider.GetRequiredService<OutputCache>().Evict(happened.Source, happened.Position);
    return Task.CompletedTask;
});

var app = builder.Build();
app.MapGateway();
app.MapDecisions();
await app.RunAsync();
