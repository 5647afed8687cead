// What a started process finds in its environment and on its command line: the callbacks run in the order they were
// written, then every value is resolved. Also what of the AppHost's own environment must not leak into its children.

using System.Collections;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Run;

internal static class Environments
{
    /// <summary>Addresses and settings of the AppHost itself; a child that inherited them would bind the AppHost's ports.</summary>
    private static readonly string[] OwnVariables =
        ["ASPNETCORE_URLS", "ASPNETCORE_HTTP_PORTS", "ASPNETCORE_HTTPS_PORTS", "ASPNETCORE_HTTPS_PORT", "HTTP_PORTS", "HTTPS_PORTS", "URLS", "DOTNET_LAUNCH_PROFILE", "NOTIFY_SOCKET"];

    /// <summary>Secrets reach a resource by reference only, never because the AppHost happens to hold them.</summary>
    private static readonly string[] OwnPrefixes = ["ConnectionStrings__", "Parameters__", "DOTNET_DASHBOARD", "DOTNET_RESOURCE_SERVICE", "ASPIRE_"];

    /// <summary>The AppHost's environment without what is its own.</summary>
    public static Dictionary<string, string> Inherited()
    {
        var inherited = new Dictionary<string, string>();
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            var name = (string)variable.Key;
            if (!OwnVariables.Contains(name, StringComparer.OrdinalIgnoreCase) && !OwnPrefixes.Any(p => name.StartsWith(p, StringComparison.OrdinalIgnoreCase)))
                inherited[name] = (string?)variable.Value ?? "";
        }
        return inherited;
    }

    /// <summary>The variables of one instance of a resource (without the inherited ones).</summary>
    public static async Task<Dictionary<string, string>> ResolveAsync(IResource resource, DistributedApplicationExecutionContext execution, int instance, CancellationToken cancellationToken)
    {
        var context = new EnvironmentCallbackContext(execution, resource, cancellationToken: cancellationToken);
        foreach (var annotation in resource.Annotations.OfType<EnvironmentCallbackAnnotation>().ToArray())
            await annotation.Callback(context);

        var resolved = new Dictionary<string, string>();
        foreach (var (name, value) in context.EnvironmentVariables)
            resolved[name] = await TextAsync(value, resource, execution, instance, cancellationToken);
        return resolved;
    }

    /// <summary>The arguments of one instance of a resource.</summary>
    public static async Task<List<string>> ArgumentsAsync(IResource resource, DistributedApplicationExecutionContext execution, int instance, CancellationToken cancellationToken)
    {
        var context = new CommandLineArgsCallbackContext([], cancellationToken);
        foreach (var annotation in resource.Annotations.OfType<CommandLineArgsCallbackAnnotation>().ToArray())
            await annotation.Callback(context);

        var resolved = new List<string>();
        foreach (var value in context.Args)
            resolved.Add(await TextAsync(value, resource, execution, instance, cancellationToken));
        return resolved;
    }

    /// <summary>Telemetry by the OpenTelemetry specification's variables; no endpoint, no export.</summary>
    public static void AddTelemetry(Dictionary<string, object> variables, string resourceName, IConfiguration configuration, bool isDevelopment)
    {
        variables.TryAdd("OTEL_SERVICE_NAME", resourceName);
        foreach (var name in (string[])["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_PROTOCOL", "OTEL_EXPORTER_OTLP_HEADERS"])
        {
            if (configuration[name] is { Length: > 0 } value)
                variables.TryAdd(name, value);
        }
        if (!isDevelopment || !variables.ContainsKey("OTEL_EXPORTER_OTLP_ENDPOINT"))
            return;
        // Developers look at once: everything, every second.
        foreach (var delay in (string[])["OTEL_BLRP_SCHEDULE_DELAY", "OTEL_BSP_SCHEDULE_DELAY", "OTEL_METRIC_EXPORT_INTERVAL"])
            variables.TryAdd(delay, "1000");
        variables.TryAdd("OTEL_TRACES_SAMPLER", "always_on");
        variables.TryAdd("OTEL_METRICS_EXEMPLAR_FILTER", "trace_based");
    }

    private static async Task<string> TextAsync(object value, IResource caller, DistributedApplicationExecutionContext execution, int instance, CancellationToken cancellationToken)
    {
        if (value is IResourceBuilder<IResource> builder)
            value = builder.Resource;
        return value switch
        {
            IManifestExpressionProvider expression when execution.IsPublishMode => expression.ValueExpression,
            IValueProvider provider => await provider.GetValueAsync(new ValueProviderContext { ExecutionContext = execution, Caller = caller, Instance = instance }, cancellationToken) ?? "",
            _ => Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture) ?? "",
        };
    }
}
