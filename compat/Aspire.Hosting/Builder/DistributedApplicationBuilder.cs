// The builder itself: configuration (the AppHost's appsettings, environment, command line, launch profile in tests),
// the resource collection with unique names, and the services that will run the application.

using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting;

internal sealed class DistributedApplicationBuilder : IDistributedApplicationBuilder
{
    private readonly HostApplicationBuilder _host;
    private readonly ResourceCollection _resources = [];

    public DistributedApplicationBuilder(DistributedApplicationOptions options)
    {
        TestingHook.Current.Value?.OnOptions(options);
        Options = options;
        AppHostAssembly = options.EntryAssembly ?? (options.AssemblyName is { } name ? Assembly.Load(name) : Assembly.GetEntryAssembly());
        AppHostDirectory = FindAppHostDirectory(options, AppHostAssembly);

        var settings = new HostApplicationBuilderSettings
        {
            Args = options.Args,
            ApplicationName = AppHostAssembly?.GetName().Name,
            ContentRootPath = AppHostDirectory,
            Configuration = new ConfigurationManager(),
        };
        if (options.IsTest)
            Run.LaunchProfiles.ApplyFirst(AppHostDirectory, settings);
        TestingHook.Current.Value?.OnBuilderCreating(options, settings);
        _host = new HostApplicationBuilder(settings);

        if (string.Equals(Configuration["operation"], "publish", StringComparison.OrdinalIgnoreCase) || Configuration["publisher"] is not null)
            throw new DistributedApplicationException("Publishing needs the official Aspire packages: build with -p:OfficialFeed=true.");

        AddServices();
    }

    public DistributedApplicationOptions Options { get; }

    public ConfigurationManager Configuration => _host.Configuration;

    public string AppHostDirectory { get; }

    public Assembly? AppHostAssembly { get; }

    public IHostEnvironment Environment => _host.Environment;

    public IServiceCollection Services => _host.Services;

    public DistributedApplicationExecutionContext ExecutionContext { get; } = new(DistributedApplicationOperation.Run);

    public IResourceCollection Resources => _resources;

    public IResourceBuilder<T> AddResource<T>(T resource) where T : IResource
    {
        if (_resources.FirstOrDefault(r => string.Equals(r.Name, resource.Name, StringComparison.OrdinalIgnoreCase)) is { } taken)
            throw new DistributedApplicationException($"Cannot add {resource.GetType().Name} '{resource.Name}': {taken.GetType().Name} has that name already.");
        _resources.Add(resource);
        return CreateResourceBuilder(resource);
    }

    public IResourceBuilder<T> CreateResourceBuilder<T>(T resource) where T : IResource => new ResourceBuilder<T>(this, resource);

    public DistributedApplication Build()
    {
        var hook = TestingHook.Current.Value;
        hook?.OnBuilding(this);
        RedirectToConfiguredServers();
        var application = new DistributedApplication(_host.Build()) { Hook = hook };
        hook?.OnBuilt(application);
        return application;
    }

    private void AddServices()
    {
        Services.AddSingleton(Options);
        Services.AddSingleton(ExecutionContext);
        Services.AddSingleton(_ => new DistributedApplicationModel(_resources));
        Services.AddSingleton(TimeProvider.System);
        Services.AddSingleton(new Lazy<Run.RunFolders>(() => new Run.RunFolders(Configuration, AppHostDirectory, Options.IsTest)));
        Services.AddSingleton(provider => provider.GetRequiredService<Lazy<Run.RunFolders>>().Value);
        Services.AddSingleton<ResourceNotificationService>();
        Services.AddSingleton<ResourceLoggerService>();
        Services.AddSingleton<ResourceCommandService>();
        Services.AddSingleton<Run.LogSink>();
        // The page first: if its port is taken, nothing has been started yet.
        if (!Options.DisableDashboard)
            Services.AddHostedService<Page.ResourcePage>();
        Services.AddSingleton<Run.Orchestrator>();
        Services.AddHostedService(provider => provider.GetRequiredService<Run.Orchestrator>());
        Services.AddHealthChecks();
        Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(60));

        // The resources' lines are the output people read; the host's own chatter would only push them off the screen.
        _host.Logging.AddSimpleConsole(o => o.SingleLine = true);
        _host.Logging.AddFilter("Microsoft", LogLevel.Warning);
        // What keeps the application from starting is thrown, and printed once by Run.
        _host.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        // The orchestrator shows health itself; a check that fails while a server starts is not an error.
        _host.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
    }

    /// <summary>A server for which the AppHost has a connection string is somebody else's: use it, start nothing.</summary>
    private void RedirectToConfiguredServers()
    {
        foreach (var resource in _resources.OfType<IResourceWithConnectionString>().Where(r => r is not IResourceWithoutLifetime).ToArray())
        {
            if (Configuration.GetConnectionString(resource.Name) is { Length: > 0 } && !resource.HasAnnotationOfType<ConnectionStringRedirectAnnotation>())
                resource.Annotations.Add(new ConnectionStringRedirectAnnotation(new ConfiguredConnectionString(resource.Name, null, Configuration)));
        }
    }

    private static string FindAppHostDirectory(DistributedApplicationOptions options, Assembly? assembly)
    {
        var written = assembly?.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(a => a.Key == "apphostprojectpath")?.Value;
        string?[] candidates = [options.ProjectDirectory, written];
        // A published AppHost runs where its project's folder does not exist.
        return candidates.FirstOrDefault(Directory.Exists) ?? Directory.GetCurrentDirectory();
    }
}

/// <summary>Lets the testing package look over an AppHost's shoulder while its own Main runs.</summary>
internal abstract class TestingHook
{
    public static readonly AsyncLocal<TestingHook?> Current = new();

    public abstract void OnOptions(DistributedApplicationOptions options);

    public abstract void OnBuilderCreating(DistributedApplicationOptions options, HostApplicationBuilderSettings settings);

    /// <summary>Returns when the test wants the application built.</summary>
    public abstract void OnBuilding(IDistributedApplicationBuilder builder);

    public abstract void OnBuilt(DistributedApplication application);
}
