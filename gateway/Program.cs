// The gateway in a process of its own. What it offers follows from the services named here.
// `dotnet run --project gateway -- openapi FILE` writes the OpenAPI document to a file and ends.
using ExternalAction.Contracts.Decisions.V1;
using ExternalAction.Gateway;
using ExternalAction.Gateway.OpenApi;

GatewayService[] services = [new("decisions", DecisionsReflection.Descriptor, VotesReflection.Descriptor, ReferenceReflection.Descriptor)];
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
