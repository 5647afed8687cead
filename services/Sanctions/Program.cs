// Restrictive measures: who is listed, under which act and since when, the lists in and out, and who a name belongs to.
using ExternalAction.Sanctions;
using ExternalAction.ServiceDefaults;

var builder = ServiceHost.CreateBuilder(args);
builder.AddSanctions();

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapSanctions();
await app.RunAsync();
