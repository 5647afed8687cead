// Starts a whole AppHost inside a test: its own Main runs on a thread of its own and is held inside Build() until the test
// has changed what it wants to change.

using System.Reflection;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>The AppHost's builder in the hands of a test. Disposing it ends the application that was built.</summary>
public interface IDistributedApplicationTestingBuilder : IDistributedApplicationBuilder, IAsyncDisposable, IDisposable
{
    /// <summary>Lets the AppHost go on and gives the application, not yet started.</summary>
    Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken = default);
}

/// <summary>
/// In tests fixed ports are replaced by free ones, there is no resource page, data lies in a temporary folder, the
/// resources' output goes to the loggers, and who waits for something that failed fails too.
/// </summary>
public static class DistributedApplicationTestingBuilder
{
    /// <typeparam name="TEntryPoint">A class of the AppHost, usually <c>Projects.AppHost</c>.</typeparam>
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(CancellationToken cancellationToken = default) where TEntryPoint : class =>
        CreateAsync<TEntryPoint>([], cancellationToken);

    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(string[] args, CancellationToken cancellationToken = default) where TEntryPoint : class =>
        CreateAsync<TEntryPoint>(args, (_, _) => { }, cancellationToken);

    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(string[] args,
        Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configureBuilder, CancellationToken cancellationToken = default) where TEntryPoint : class =>
        CreateAsync(typeof(TEntryPoint), args, configureBuilder, cancellationToken);

    public static Task<IDistributedApplicationTestingBuilder> CreateAsync(Type entryPoint, string[] args, CancellationToken cancellationToken = default) =>
        CreateAsync(entryPoint, args, (_, _) => { }, cancellationToken);

    /// <exception cref="InvalidOperationException">The AppHost ended before it built anything.</exception>
    public static async Task<IDistributedApplicationTestingBuilder> CreateAsync(Type entryPoint, string[] args,
        Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configureBuilder, CancellationToken cancellationToken = default)
    {
        var main = entryPoint.Assembly.EntryPoint ?? throw new ArgumentException($"{entryPoint.Assembly.GetName().Name} has no entry point.", nameof(entryPoint));
        var run = new EntryPointRun(main, args, configureBuilder);
        return new TestingBuilder(await run.Builder.WaitAsync(cancellationToken), run);
    }

    /// <summary>An empty application, without any AppHost.</summary>
    public static IDistributedApplicationTestingBuilder Create(params string[] args)
    {
        var options = EntryPointRun.InTest(new DistributedApplicationOptions { Args = args });
        return new TestingBuilder(DistributedApplication.CreateBuilder(options), null);
    }
}

/// <summary>One run of an AppHost's Main.</summary>
internal sealed class EntryPointRun : TestingHook
{
    private readonly Action<DistributedApplicationOptions, HostApplicationBuilderSettings> _configure;
    private readonly MethodInfo _main;
    private readonly TaskCompletionSource<IDistributedApplicationBuilder> _builder = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<DistributedApplication> _application = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _mayBuild = new();
    private volatile bool _abandoned;

    public EntryPointRun(MethodInfo main, string[] args, Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configure)
    {
        (_main, _configure) = (main, configure);
        // A thread, not a pool task: Main blocks inside Build and Run for as long as the test takes.
        new Thread(() => RunMain(args)) { IsBackground = true, Name = main.Module.Name }.Start();
    }

    public Task<IDistributedApplicationBuilder> Builder => _builder.Task;

    /// <summary>Done when Main has returned.</summary>
    public Task End => _end.Task;

    public static DistributedApplicationOptions InTest(DistributedApplicationOptions options)
    {
        options.IsTest = true;
        options.DisableDashboard = true;
        options.EnableResourceLogging = true;
        return options;
    }

    public Task<DistributedApplication> BuildAsync()
    {
        _mayBuild.TrySetResult();
        return _application.Task;
    }

    /// <summary>Nobody wants the application any more: Main leaves through an exception in Build.</summary>
    public void Abandon()
    {
        _abandoned = true;
        _mayBuild.TrySetResult();
    }

    public override void OnBuilderCreating(DistributedApplicationOptions options, HostApplicationBuilderSettings settings) => _configure(options, settings);

    public override void OnOptions(DistributedApplicationOptions options)
    {
        InTest(options);
        options.EntryAssembly = _main.Module.Assembly;
    }

    public override void OnBuilding(IDistributedApplicationBuilder builder)
    {
        // Only now: the AppHost has said everything it has to say.
        _builder.TrySetResult(builder);
        _mayBuild.Task.GetAwaiter().GetResult();
        if (_abandoned)
            throw new HostAbortedException();
    }

    public override void OnBuilt(DistributedApplication application) => _application.TrySetResult(application);

    private void RunMain(string[] args)
    {
        Current.Value = this;
        try
        {
            var result = _main.Invoke(null, BindingFlags.DoNotWrapExceptions, null, _main.GetParameters().Length == 0 ? null : [args], null);
            if (result is Task asynchronous)
                asynchronous.GetAwaiter().GetResult();
            Fail(new InvalidOperationException("The AppHost ended before it built an application."));
        }
        catch (Exception e)
        {
            Fail(e);
        }
        _end.TrySetResult();
    }

    private void Fail(Exception e)
    {
        _builder.TrySetException(e);
        _application.TrySetException(e);
        // Whoever never looked at them must not hear of it from the finaliser.
        _ = _builder.Task.Exception;
        _ = _application.Task.Exception;
    }
}

internal sealed class TestingBuilder(IDistributedApplicationBuilder inner, EntryPointRun? run) : IDistributedApplicationTestingBuilder
{
    private DistributedApplication? _application;

    public ConfigurationManager Configuration => inner.Configuration;

    public string AppHostDirectory => inner.AppHostDirectory;

    public Assembly? AppHostAssembly => inner.AppHostAssembly;

    public IHostEnvironment Environment => inner.Environment;

    public IServiceCollection Services => inner.Services;

    public DistributedApplicationExecutionContext ExecutionContext => inner.ExecutionContext;

    public IResourceCollection Resources => inner.Resources;

    public IResourceBuilder<T> AddResource<T>(T resource) where T : IResource => inner.AddResource(resource);

    public IResourceBuilder<T> CreateResourceBuilder<T>(T resource) where T : IResource => inner.CreateResourceBuilder(resource);

    public DistributedApplication Build() => BuildAsync().GetAwaiter().GetResult();

    public async Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken = default) =>
        _application ??= run is null ? inner.Build() : await run.BuildAsync().WaitAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        run?.Abandon();
        if (_application is not null)
            await _application.DisposeAsync();
        if (run is not null)
            await run.End;
    }

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();
}
