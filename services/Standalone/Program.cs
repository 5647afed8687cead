// The whole suite in one process: every service and the gateway, one bus, SQLite. What a newcomer runs, and what a small
// installation needs. Each service is added by the same two calls its own Program.cs makes.
using ExternalAction.Contracts.Decisions.V1;
using ExternalAction.Decisions;
using ExternalAction.Gateway;

var builder = WebApplication.CreateBuilder(args);
builder.AddDecisions();
builder.AddGateway(new GatewayService("decisions", DecisionsReflection.Descriptor, VotesReflection.Descriptor, ReferenceReflection.Descriptor) { Local = true });

var app = builder.Build();
app.MapGateway();
app.MapDecisions();
await app.RunAsync();
