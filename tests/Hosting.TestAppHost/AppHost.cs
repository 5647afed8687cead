// An ordinary AppHost, as small as the runner's tests need it. The switches choose what is in it.

using Microsoft.Extensions.Configuration;

var builder = DistributedApplication.CreateBuilder(args);

var first = builder.AddProject<Projects.Hosting_FakeService>("first")
    .WithEnvironment("GREETING", "hello")
    .WithHttpHealthCheck("/health", endpointName: "http");

builder.AddProject<Projects.Hosting_FakeService>("second")
    .WithReference(first)
    .WithHttpHealthCheck("/health", endpointName: "http")
    .WaitFor(first);

if (builder.Configuration["fixed"] is { } port)
{
    builder.AddExecutable("fixed", "sleep", ".", "600")
        .WithHttpEndpoint(port: int.Parse(port, System.Globalization.CultureInfo.InvariantCulture), env: "PORT");
}

if (builder.Configuration["stubborn"] is not null)
    builder.AddExecutable("stubborn", "bash", ".", "-c", "trap '' TERM; echo deaf to TERM; while true; do sleep 1; done");

if (builder.Configuration["servers"] == "all")
{
    var cache = builder.AddRedis("cache").WithDataVolume();
    var bus = builder.AddRabbitMQ("bus").WithDataVolume();
    var database = builder.AddPostgres("sql").WithDataVolume().AddDatabase("decisions-db", "decisions");
    builder.AddProject<Projects.Hosting_FakeService>("user")
        .WithReference(cache).WithReference(bus).WithReference(database)
        .WaitFor(cache).WaitFor(bus).WaitFor(database);
}

builder.Build().Run();
