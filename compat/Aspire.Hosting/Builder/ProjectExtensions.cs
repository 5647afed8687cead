// AddProject: a project of the repository becomes a resource whose endpoints are read from its own files, so that
// the AppHost need not repeat them: Kestrel:Endpoints in its appsettings, else applicationUrl of its launch profile.

using System.Globalization;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

/// <summary>Where a project is. The classes in the namespace <c>Projects</c> are generated at build.</summary>
public interface IProjectMetadata : IResourceAnnotation
{
    /// <summary>The full path of the project file.</summary>
    string ProjectPath { get; }

    /// <summary>The built file to start; null: ask MSBuild for it.</summary>
    string? TargetPath => null;

    bool SuppressBuild => false;
}

/// <summary>What of a project's files is taken into account.</summary>
public class ProjectResourceOptions
{
    public string? LaunchProfileName { get; set; }

    public bool ExcludeLaunchProfile { get; set; }

    public bool ExcludeKestrelEndpoints { get; set; }
}

/// <summary>Projects.</summary>
public static class ProjectResourceBuilderExtensions
{
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(this IDistributedApplicationBuilder builder, string name) where TProject : IProjectMetadata, new() =>
        builder.AddProject<TProject>(name, _ => { });

    public static IResourceBuilder<ProjectResource> AddProject<TProject>(this IDistributedApplicationBuilder builder, string name, string? launchProfileName) where TProject : IProjectMetadata, new() =>
        builder.AddProject<TProject>(name, o => (o.ExcludeLaunchProfile, o.LaunchProfileName) = (launchProfileName is null, launchProfileName));

    public static IResourceBuilder<ProjectResource> AddProject<TProject>(this IDistributedApplicationBuilder builder, string name, Action<ProjectResourceOptions> configure) where TProject : IProjectMetadata, new() =>
        builder.Add(name, new TProject(), configure);

    /// <summary>A project by the path of its file, relative to the AppHost's folder.</summary>
    public static IResourceBuilder<ProjectResource> AddProject(this IDistributedApplicationBuilder builder, string name, string projectPath) =>
        builder.Add(name, new ProjectAtPath(Path.GetFullPath(projectPath, builder.AppHostDirectory)), _ => { });

    /// <summary>Several processes of the project behind its addresses: a TCP listener hands each new connection to the next one.</summary>
    public static IResourceBuilder<ProjectResource> WithReplicas(this IResourceBuilder<ProjectResource> builder, int replicas)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(replicas, 1);
        return builder.WithAnnotation(new ReplicaAnnotation(replicas), ResourceAnnotationMutationBehavior.Replace);
    }

    private static IResourceBuilder<ProjectResource> Add(this IDistributedApplicationBuilder builder, string name, IProjectMetadata project, Action<ProjectResourceOptions> configure)
    {
        var options = new ProjectResourceOptions();
        configure(options);
        var profile = options.ExcludeLaunchProfile ? null : Run.LaunchProfiles.Find(project.ProjectPath, options.LaunchProfileName, builder.Configuration["DOTNET_LAUNCH_PROFILE"]);
        var environment = profile?.Variables.GetValueOrDefault("ASPNETCORE_ENVIRONMENT") ?? profile?.Variables.GetValueOrDefault("DOTNET_ENVIRONMENT") ?? builder.Environment.EnvironmentName;

        var resource = builder.AddResource(new ProjectResource(name)).WithAnnotation(project);
        var hasKestrelEndpoints = !options.ExcludeKestrelEndpoints && resource.AddKestrelEndpoints(project.ProjectPath, environment);
        if (!hasKestrelEndpoints && profile is not null)
            resource.AddLaunchProfileEndpoints(profile.Urls);

        return resource.WithEnvironment(context =>
        {
            var variables = context.EnvironmentVariables;
            foreach (var (key, value) in profile?.Variables ?? [])
                variables.TryAdd(key, Environment.ExpandEnvironmentVariables(value));
            if (profile is not null)
                variables.TryAdd("DOTNET_LAUNCH_PROFILE", profile.Name);
            // A project without a launch profile runs in the AppHost's environment.
            if (!variables.ContainsKey("ASPNETCORE_ENVIRONMENT"))
                variables.TryAdd("DOTNET_ENVIRONMENT", environment);
            variables["LOGGING__CONSOLE__FORMATTERNAME"] = "simple";
            Run.Environments.AddTelemetry(variables, resource.Resource.Name, builder.Configuration, builder.Environment.IsDevelopment());
            AddUrls(variables, resource.Resource, hasKestrelEndpoints);
        });
    }

    /// <summary>One endpoint of a scheme is named after the scheme; two or more keep their names.</summary>
    private static bool AddKestrelEndpoints(this IResourceBuilder<ProjectResource> resource, string projectPath, string environment)
    {
        var folder = Path.GetDirectoryName(projectPath)!;
        var endpoints = new ConfigurationBuilder()
            .AddJsonFile(Path.Combine(folder, "appsettings.json"), optional: true)
            .AddJsonFile(Path.Combine(folder, $"appsettings.{environment}.json"), optional: true)
            .Build()
            .GetSection("Kestrel:Endpoints").GetChildren()
            .Where(e => e["Url"] is { Length: > 0 })
            .Select(e => (Name: e.Key, Url: e["Url"]!, Scheme: e["Url"]!.Split("://")[0].ToLowerInvariant(), Http2: e["Protocols"] == "Http2"))
            .ToArray();
        foreach (var sameScheme in endpoints.GroupBy(e => e.Scheme))
        {
            foreach (var endpoint in sameScheme)
            {
                resource.WithAnnotation(new EndpointAnnotation(ProtocolType.Tcp, endpoint.Scheme, endpoint.Http2 ? "http2" : null,
                    sameScheme.Count() == 1 ? endpoint.Scheme : endpoint.Name.ToLowerInvariant(), PortOf(endpoint.Url))
                { KestrelName = endpoint.Name });
            }
        }
        return endpoints.Length > 0;
    }

    private static void AddLaunchProfileEndpoints(this IResourceBuilder<ProjectResource> resource, IEnumerable<string> urls)
    {
        foreach (var sameScheme in urls.GroupBy(u => u.Split("://")[0].ToLowerInvariant()))
        {
            var number = 0;
            foreach (var url in sameScheme)
            {
                number++;
                var name = number == 1 ? sameScheme.Key : string.Create(CultureInfo.InvariantCulture, $"{sameScheme.Key}{number}");
                resource.WithAnnotation(new EndpointAnnotation(ProtocolType.Tcp, sameScheme.Key, null, name, PortOf(url)));
            }
        }
    }

    /// <summary>The port written in the address; none or 0 means any free one.</summary>
    private static int? PortOf(string url)
    {
        var authority = url[(url.IndexOf("://", StringComparison.Ordinal) + 3)..].Split('/')[0];
        var colon = authority.LastIndexOf(':');
        return colon >= 0 && int.TryParse(authority[(colon + 1)..], CultureInfo.InvariantCulture, out var port) && port > 0 ? port : null;
    }

    /// <summary>Kestrel:Endpoints in a project's files overrule ASPNETCORE_URLS, so each address is then given in their place.</summary>
    private static void AddUrls(Dictionary<string, object> variables, ProjectResource resource, bool hasKestrelEndpoints)
    {
        var addresses = resource.Annotations.OfType<EndpointAnnotation>()
            .Where(e => e.UriScheme is "http" or "https" && e.PortVariable is null)
            .Select(e => (Annotation: e, Url: ReferenceExpression.Create($"{e.UriScheme}://127.0.0.1:{new EndpointReference(resource, e.Name).Property(EndpointProperty.TargetPort)}")))
            .ToArray();
        if (addresses.Length == 0)
            return;

        if (hasKestrelEndpoints)
        {
            foreach (var (annotation, url) in addresses)
                variables.TryAdd($"Kestrel__Endpoints__{annotation.KestrelName ?? annotation.Name}__Url", url);
            return;
        }

        var all = new ReferenceExpressionBuilder();
        foreach (var (_, url) in addresses)
        {
            if (!all.IsEmpty)
                all.AppendLiteral(";");
            all.AppendFormatted(url);
        }
        variables.TryAdd("ASPNETCORE_URLS", all.Build());
        if (addresses.FirstOrDefault(a => a.Annotation.UriScheme == "https") is { Annotation: { } https })
            variables.TryAdd("ASPNETCORE_HTTPS_PORT", new EndpointReference(resource, https.Name).Property(EndpointProperty.Port));
    }

    private sealed class ProjectAtPath(string path) : IProjectMetadata
    {
        public string ProjectPath { get; } = path;
    }
}

/// <summary>Programs.</summary>
public static class ExecutableResourceBuilderExtensions
{
    /// <summary>A program on the PATH or by path; <paramref name="workingDirectory"/> is relative to the AppHost's folder.</summary>
    public static IResourceBuilder<ExecutableResource> AddExecutable(this IDistributedApplicationBuilder builder, string name, string command, string workingDirectory, params string[]? args) =>
        builder.AddExecutable(name, command, workingDirectory, (object[]?)args);

    /// <inheritdoc cref="AddExecutable(IDistributedApplicationBuilder, string, string, string, string[])"/>
    public static IResourceBuilder<ExecutableResource> AddExecutable(this IDistributedApplicationBuilder builder, string name, string command, string workingDirectory, params object[]? args)
    {
        var resource = builder.AddResource(new ExecutableResource(name, command, Path.GetFullPath(workingDirectory, builder.AppHostDirectory)))
            .WithEnvironment(context => Run.Environments.AddTelemetry(context.EnvironmentVariables, name, builder.Configuration, builder.Environment.IsDevelopment()));
        return args is { Length: > 0 } ? resource.WithArgs(args) : resource;
    }
}
