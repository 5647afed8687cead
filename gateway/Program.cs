// The gateway in a process of its own. What it offers follows from the services named here.
using ExternalAction.Contracts.Decisions.V1;
using ExternalAction.Gateway;

var builder = WebApplication.CreateBuilder(args);
builder.AddGateway(new GatewayService("decisions", DecisionsReflection.Descriptor, VotesReflection.Descriptor, ReferenceReflection.Descriptor));

var app = builder.Build();
app.MapGateway();
await app.RunAsync();
