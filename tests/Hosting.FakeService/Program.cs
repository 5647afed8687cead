// A service for the runner's tests: shows its environment and process id, can be unhealthy, crash, or refuse to stop.

using System.Globalization;

var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
var app = builder.Build();
var healthy = !string.Equals(builder.Configuration["START_UNHEALTHY"], "true", StringComparison.Ordinal);

app.MapGet("/health", () => healthy ? Results.Text("Healthy") : Results.StatusCode(503));
app.MapGet("/environment/{name}", (string name) => Environment.GetEnvironmentVariable(name) ?? "");
app.MapGet("/pid", () => Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
app.MapPost("/healthy/{value}", (bool value) =>
{
    healthy = value;
    Console.WriteLine($"healthy is now {value}");
});
app.MapPost("/exit/{code:int}", (int code) => Environment.Exit(code));

if (builder.Configuration["EXIT_AT_ONCE"] is { } code)
{
    Console.Error.WriteLine($"leaving with {code}");
    return int.Parse(code, CultureInfo.InvariantCulture);
}
Console.WriteLine("fake service is up");
await app.RunAsync();
Console.WriteLine("fake service stopped in good order");
return 0;
