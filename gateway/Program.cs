// The gateway in a process of its own. What it offers follows from the services of the suite.
// `dotnet run --project gateway -- openapi FILE` writes the OpenAPI document to a file (an absolute path) and ends.
using ExternalAction.Gateway;
using ExternalAction.Gateway.OpenApi;

var services = GatewayService.Suite();
if (args is ["openapi", var file])
{
    await File.WriteAllTextAsync(file, OpenApiDocument.Write(services));
    return;
}

var builder = WebApplication.CreateBuilder(args);
builder.AddGateway(services);

var app = builder.Build();
app.MapGateway();
await app.RunAsync();
