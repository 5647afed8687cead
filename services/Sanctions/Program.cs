// Restrictive measures: who is listed, under which act and since when, the lists in and out, and who a name belongs to.
using ExternalAction.Sanctions;

var builder = WebApplication.CreateSlimBuilder(args);
builder.WebHost.UseKestrelHttpsConfiguration();
builder.AddSanctions();

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapSanctions();
await app.RunAsync();
