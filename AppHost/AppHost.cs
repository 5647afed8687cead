// The whole suite, started on this machine.
//
//   --mode embedded      one process, SQLite, nothing else to install (default)
//   --mode distributed   one process per service, with PostgreSQL, RabbitMQ and Redis as installed here
//   --http PORT          REST, documents, pages (default 8080)      --grpc PORT   gRPC (default 8081)
//   --data DIR           where everything is kept (default .run/data)
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

const string Help = """
    External Action: the whole suite on this machine.

      --mode embedded|distributed   one process with SQLite, or one process per service with PostgreSQL,
                                    RabbitMQ and Redis (default: embedded)
      --http PORT                   REST, OpenAPI, pages (default: 8080)
      --grpc PORT                   gRPC (default: 8081)
      --data DIR                    where everything is kept (default: .run/data)
    """;

if (args.Any(a => a is "--help" or "-h" or "-?"))
{
    Console.WriteLine(Help);
    return 0;
}

var builder = DistributedApplication.CreateBuilder(args);
var mode = builder.Configuration["mode"] ?? "embedded";
var data = Path.GetFullPath(builder.Configuration["data"] ?? Path.Combine(".run", "data"));
if (mode is not ("embedded" or "distributed")
    || !TryPort("http", 8080, out var http)
    || !TryPort("grpc", 8081, out var grpc))
{
    Console.Error.WriteLine(Help);
    return 2;
}

// The runner keeps the servers' data in the same place.
builder.Configuration["DataFolder"] ??= data;

if (mode == "embedded")
{
    builder.AddProject<Projects.Standalone>("suite")
        .WithEndpoint("http", e => e.Port = http)
        .WithEndpoint("grpc", e => e.Port = grpc)
        .WithEnvironment("ASPNETCORE_ENVIRONMENT", builder.Environment.EnvironmentName)
        .WithEnvironment("Journal__Folder", data)
        .WithEnvironment("Gateway__DataFolder", Path.Combine(data, "gateway"))
        .WithHttpHealthCheck("/health", endpointName: "http")
        .WithExternalHttpEndpoints();
}
else
{
    // Servers first: each is the one installed here, or the one that ConnectionStrings names.
    var postgres = builder.AddPostgres("postgres").WithDataVolume();
    var messaging = builder.AddRabbitMQ("messaging").WithDataVolume();
    var cache = builder.AddRedis("cache");

    // Services, then the gateway in front of them.
    IResourceBuilder<ProjectResource>[] services = [AddService<Projects.Decisions>("decisions"), AddService<Projects.Sanctions>("sanctions")];

    var gateway = builder.AddProject<Projects.Gateway>("gateway")
        .WithEndpoint("http", e => e.Port = http)
        .WithEndpoint("grpc", e => e.Port = grpc)
        .WithEnvironment("ASPNETCORE_ENVIRONMENT", builder.Environment.EnvironmentName)
        .WithReference(messaging).WaitFor(messaging)
        .WithReference(cache).WaitFor(cache)
        .WithEnvironment("Gateway__DataFolder", Path.Combine(data, "gateway"))
        .WithHttpHealthCheck("/health", endpointName: "http")
        .WithExternalHttpEndpoints();
    foreach (var service in services)
    {
        gateway.WithReference(service).WaitFor(service);
    }

    // In Development the gateway issues the tokens, so it is the authority the services ask for keys.
    if (builder.Configuration["Authentication:Authority"] is null)
    {
        foreach (var service in services)
        {
            service.WithEnvironment("Authentication__Authority", ReferenceExpression.Create($"{gateway.GetEndpoint("http")}/dev"))
                .WithEnvironment("Authentication__Audience", "external-action-dev");
        }
    }

    // A service with a database of its own; all are alike.
    IResourceBuilder<ProjectResource> AddService<TProject>(string name)
        where TProject : IProjectMetadata, new()
    {
        var database = postgres.AddDatabase($"{name}-db");
        return builder.AddProject<TProject>(name)
            .WithEndpoint("http", e => e.Port = null)
            .WithEndpoint("grpc", e => e.Port = null)
            .WithEnvironment("ASPNETCORE_ENVIRONMENT", builder.Environment.EnvironmentName)
            .WithReference(database, connectionName: name).WaitFor(database)
            .WithReference(messaging).WaitFor(messaging)
            .WithEnvironment("Journal__Store", "postgres")
            .WithEnvironment("Journal__Folder", data)
            .WithHttpHealthCheck("/health", endpointName: "http")
            .WithReplicas(builder.Configuration.GetValue("replicas", 1));
    }
}

var app = builder.Build();
var announcing = AnnounceAsync(mode == "embedded" ? "suite" : "gateway");
await app.RunAsync();
await announcing;
return 0;

// Says where the suite answers and what to ask it first, once it does.
async Task AnnounceAsync(string front)
{
    var lifetime = app.Services.GetRequiredService<IHostApplicationLifetime>();
    try
    {
        await app.ResourceNotifications.WaitForResourceHealthyAsync(front, lifetime.ApplicationStopping);
        Console.WriteLine($$"""

              The suite is up ({{mode}}). REST, API page: http://127.0.0.1:{{http}}/docs    gRPC: 127.0.0.1:{{grpc}}    data: {{data}}
              A first request:
                curl http://127.0.0.1:{{http}}/dev/tokens -H 'content-type: application/json' -d '{"role":"reader","name":"me"}'
              A tour of a whole vote: docs/tour.sh http://127.0.0.1:{{http}}      Stop: Ctrl+C

            """);
    }
    catch (Exception ended) when (ended is OperationCanceledException or DistributedApplicationException)
    {
        // The suite stopped before it was up; the runner has said why.
    }
}

bool TryPort(string name, int usual, out int port) =>
    int.TryParse(builder.Configuration[name] ?? usual.ToString(System.Globalization.CultureInfo.InvariantCulture), System.Globalization.NumberStyles.None, null, out port) && port is > 0 and < 65536;
