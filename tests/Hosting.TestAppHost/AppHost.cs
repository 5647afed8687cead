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

builder.Build().Run();
