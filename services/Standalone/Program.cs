// The whole suite in one process: every service and the gateway, one bus, SQLite. What a newcomer runs, and what a small
// installation needs. Each service is added by the same two calls its own Program.cs makes.
using ExternalAction.Decisions;
using ExternalAction.Gateway;
using ExternalAction.Sanctions;

var builder = WebApplication.CreateBuilder(args);
builder.AddDecisions();
builder.AddSanctions();
builder.AddGateway(GatewayService.Suite(local: true));

var app = builder.Build();
app.MapGateway();
app.MapDecisions();
app.MapSanctions();
await app.RunAsync();
