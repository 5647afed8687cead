// Council decisions and votes: what is prepared, voted, adopted and published, and the proof of it.
using ExternalAction.Decisions;

var builder = WebApplication.CreateSlimBuilder(args);
builder.WebHost.UseKestrelHttpsConfiguration();
builder.AddDecisions();

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapDecisions();
await app.RunAsync();
