// Restrictive measures: who is listed, under which act and since when, the lists in and out, and who a name belongs to.
using ExternalAction.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();

var app = builder.Build();
app.MapDefaultEndpoints();
await app.RunAsync();
