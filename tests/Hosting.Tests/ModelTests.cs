// What the model says, without starting anything: the environment of a resource, what is refused, what is kept.

using Aspire.Hosting.Run;
using Microsoft.Extensions.Configuration;

namespace ExternalAction.Hosting.Tests;

public sealed class ModelTests
{
    [Fact]
    public async Task A_reference_to_a_project_passes_every_endpoint_under_both_conventional_names()
    {
        await using var builder = TestApplication.Create();
        var screening = builder.AddFake("screening-api");
        var user = builder.AddFake("user").WithReference(screening);

        var variables = await Publish(user);

        Assert.Equal("{screening-api.bindings.http.url}", variables["services__screening-api__http__0"]);
        Assert.Equal("{screening-api.bindings.grpc.url}", variables["services__screening-api__grpc__0"]);
        Assert.Equal("{screening-api.bindings.http.url}", variables["SCREENING_API_HTTP"]);
        Assert.Equal("{screening-api.bindings.grpc.url}", variables["SCREENING_API_GRPC"]);
    }

    [Fact]
    public async Task In_run_mode_a_reference_is_an_address_on_localhost()
    {
        await using var builder = TestApplication.Create();
        var screening = builder.AddFake("screening");
        var user = builder.AddFake("user").WithReference(screening.GetEndpoint("grpc")).WithEnvironment("TEXT", $"at {screening.GetEndpoint("http")}/v1");
        Ports.Allocate(builder.Resources, builder.Configuration, randomise: true);

        var variables = await Run(user);

        Assert.Equal(screening.GetEndpoint("grpc").Url, variables["SCREENING_GRPC"]);
        Assert.StartsWith("http://localhost:", variables["services__screening__grpc__0"]);
        Assert.Equal($"at {screening.GetEndpoint("http").Url}/v1", variables["TEXT"]);
        Assert.DoesNotContain("SCREENING_HTTP", variables.Keys);
    }

    [Fact]
    public async Task Kestrel_endpoints_of_a_project_are_given_their_addresses_by_their_own_names()
    {
        await using var builder = TestApplication.Create();
        var fake = builder.AddFake("fake");
        Ports.Allocate(builder.Resources, builder.Configuration, randomise: true);

        var variables = await Run(fake);

        Assert.Equal($"http://127.0.0.1:{fake.GetEndpoint("http").Port}", variables["Kestrel__Endpoints__http__Url"]);
        Assert.Equal($"http://127.0.0.1:{fake.GetEndpoint("grpc").Port}", variables["Kestrel__Endpoints__grpc__Url"]);
        Assert.DoesNotContain("ASPNETCORE_URLS", variables.Keys);
        Assert.Equal("fake", variables["OTEL_SERVICE_NAME"]);
    }

    [Fact]
    public async Task A_project_without_Kestrel_endpoints_is_given_all_its_addresses_in_one_variable()
    {
        await using var builder = TestApplication.Create();
        var fake = builder.AddProject<Projects.Hosting_FakeService>("fake", o => o.ExcludeKestrelEndpoints = true).WithHttpEndpoint().WithHttpEndpoint(name: "admin");
        Ports.Allocate(builder.Resources, builder.Configuration, randomise: true);

        var variables = await Run(fake);

        Assert.Equal($"http://127.0.0.1:{fake.GetEndpoint("http").Port};http://127.0.0.1:{fake.GetEndpoint("admin").Port}", variables["ASPNETCORE_URLS"]);
    }

    [Fact]
    public async Task A_reference_to_a_server_passes_its_connection_string_and_its_parts()
    {
        await using var builder = TestApplication.Create("--Parameters:cache-password", "p1", "--Parameters:bus-password", "p/2", "--Parameters:sql-password", "p3");
        var cache = builder.AddRedis("cache");
        var bus = builder.AddRabbitMQ("bus");
        var database = builder.AddPostgres("sql").AddDatabase("votes-db", "votes");
        var user = builder.AddFake("user").WithReference(cache).WithReference(bus).WithReference(database);
        Ports.Allocate(builder.Resources, builder.Configuration, randomise: true);

        var variables = await Run(user);

        var (redis, rabbit, postgres) = (cache.Resource.PrimaryEndpoint.Port, bus.Resource.PrimaryEndpoint.Port, database.Resource.Parent.PrimaryEndpoint.Port);
        Assert.Equal($"localhost:{redis},password=p1", variables["ConnectionStrings__cache"]);
        Assert.Equal("localhost", variables["CACHE_HOST"]);
        Assert.Equal($"{redis}", variables["CACHE_PORT"]);
        Assert.Equal("p1", variables["CACHE_PASSWORD"]);
        Assert.Equal($"amqp://guest:p%2F2@localhost:{rabbit}", variables["ConnectionStrings__bus"]);
        Assert.Equal("guest", variables["BUS_USERNAME"]);
        Assert.Equal($"Host=localhost;Port={postgres};Username=postgres;Password=p3;Database=votes", variables["ConnectionStrings__votes-db"]);
        Assert.Equal("votes", variables["VOTES_DB_DATABASENAME"]);
    }

    [Fact]
    public async Task A_configured_connection_string_wins_over_a_server_of_our_own()
    {
        await using var builder = TestApplication.Create("--ConnectionStrings:sql", "Host=elsewhere", "--ConnectionStrings:cache", "redis.example:6379");
        var cache = builder.AddRedis("cache");
        var database = builder.AddPostgres("sql").AddDatabase("votes");
        var user = builder.AddFake("user").WithReference(cache).WithReference(database);
        using var app = await builder.BuildAsync(TestApplication.Limit);
        Ports.Allocate([user.Resource], builder.Configuration, randomise: true);

        var variables = await Run(user);

        Assert.Equal("redis.example:6379", variables["ConnectionStrings__cache"]);
        Assert.Equal("Host=elsewhere;Database=votes", variables["ConnectionStrings__votes"]);
        Assert.DoesNotContain("CACHE_HOST", variables.Keys);
    }

    [Fact]
    public async Task A_parameter_comes_from_the_configuration_and_its_absence_says_how_to_give_it()
    {
        await using var builder = TestApplication.Create("--Parameters:given", "value");
        var given = builder.AddParameter("given");
        var missing = builder.AddParameter("missing", secret: true);

        Assert.Equal("value", await given.Resource.GetValueAsync());
        var e = await Assert.ThrowsAsync<MissingParameterValueException>(async () => await missing.Resource.GetValueAsync());
        Assert.Contains("--Parameters:missing=", e.Message);
    }

    [Fact]
    public async Task A_made_password_is_kept_with_the_data_for_nobody_else_to_read()
    {
        using var folder = new TemporaryFolder();
        using var other = new TemporaryFolder();
        async Task<string?> PasswordIn(string path)
        {
            await using var builder = TestApplication.Create("--DataFolder", path);
            return await builder.AddRedis("cache").Resource.PasswordParameter!.GetValueAsync();
        }

        var first = await PasswordIn(folder.Path);

        Assert.Equal(22, first!.Length);
        Assert.Equal(first, await PasswordIn(folder.Path));
        Assert.NotEqual(first, await PasswordIn(other.Path));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(folder.Path, ".apphost", "secrets.json")));
    }

    [Fact]
    public async Task A_fixed_port_is_honoured_in_run_mode_and_replaced_in_tests()
    {
        var free = Ports.Free();
        await using var builder = TestApplication.Create();
        var fake = builder.AddFake("fake").WithEndpoint("http", e => e.Port = free);

        Ports.Allocate(builder.Resources, builder.Configuration, randomise: false);
        Assert.Equal(free, fake.GetEndpoint("http").Port);

        Ports.Allocate(builder.Resources, builder.Configuration, randomise: true);
        Assert.NotEqual(free, fake.GetEndpoint("http").Port);
    }

    [Fact]
    public async Task A_configured_port_replaces_the_one_in_the_code()
    {
        var (inCode, configured) = (Ports.Free(), Ports.Free());
        await using var builder = TestApplication.Create("--Ports:fake:http", $"{configured}");
        var fake = builder.AddFake("fake").WithEndpoint("http", e => e.Port = inCode);

        Ports.Allocate(builder.Resources, builder.Configuration, randomise: false);

        Assert.Equal(configured, fake.GetEndpoint("http").Port);
    }

    [Fact]
    public async Task No_port_is_given_twice()
    {
        await using var builder = TestApplication.Create();
        for (var i = 0; i < 100; i++)
            builder.AddFake($"fake-{i}").WithReplicas(2);

        Ports.Allocate(builder.Resources, builder.Configuration, randomise: true);

        var ports = builder.Resources.SelectMany(r => r.Annotations.OfType<EndpointAnnotation>()).SelectMany(e => e.InstancePorts.Append(e.AllocatedEndpoint!.Port)).ToArray();
        Assert.Equal(600, ports.Length);
        Assert.Equal(600, ports.Distinct().Count());
    }

    [Fact]
    public async Task What_cannot_work_is_refused_by_name()
    {
        await using var builder = TestApplication.Create();
        var first = builder.AddFake("first");
        var second = builder.AddFake("second").WaitFor(first);
        first.WaitFor(second);

        Assert.Contains("has that name already", Assert.Throws<DistributedApplicationException>(() => builder.AddFake("FIRST")).Message);
        Assert.Contains("cannot wait for itself", Assert.Throws<DistributedApplicationException>(() => first.WaitFor(first)).Message);
        Assert.Throws<ArgumentException>(() => builder.AddFake("no_underscores"));
        Assert.Contains("has an endpoint 'http' already", Assert.Throws<DistributedApplicationException>(() => first.WithHttpEndpoint()).Message);
        Assert.Contains("no endpoint 'nowhere'", Assert.Throws<InvalidOperationException>(() => first.GetEndpoint("nowhere").Url).Message);
        var circle = await Assert.ThrowsAsync<DistributedApplicationException>(builder.StartAsync);
        Assert.Contains("first → second → first", circle.Message);
    }

    [Fact]
    public void The_AppHosts_own_addresses_and_secrets_are_not_inherited()
    {
        Environment.SetEnvironmentVariable("ConnectionStrings__secret", "x");
        Environment.SetEnvironmentVariable("ASPNETCORE_URLS", "http://localhost:1");
        Environment.SetEnvironmentVariable("ORDINARY_SETTING", "y");
        try
        {
            var inherited = Environments.Inherited();
            Assert.DoesNotContain("ConnectionStrings__secret", inherited.Keys);
            Assert.DoesNotContain("ASPNETCORE_URLS", inherited.Keys);
            Assert.Equal("y", inherited["ORDINARY_SETTING"]);
        }
        finally
        {
            Environment.SetEnvironmentVariable("ConnectionStrings__secret", null);
            Environment.SetEnvironmentVariable("ASPNETCORE_URLS", null);
            Environment.SetEnvironmentVariable("ORDINARY_SETTING", null);
        }
    }

    private static async Task<Dictionary<string, string>> Publish(IResourceBuilder<IResourceWithEnvironment> resource) =>
        await resource.Resource.GetEnvironmentVariableValuesAsync(DistributedApplicationOperation.Publish);

    private static async Task<Dictionary<string, string>> Run(IResourceBuilder<IResourceWithEnvironment> resource) =>
        await resource.Resource.GetEnvironmentVariableValuesAsync();
}
