// Council decisions and votes: what is prepared, voted, adopted and published, and the proof of it.
using ExternalAction.Decisions;
using ExternalAction.ServiceDefaults;

var builder = ServiceHost.CreateBuilder(args);
builder.AddDecisions();

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapDecisions();
await app.RunAsync();
