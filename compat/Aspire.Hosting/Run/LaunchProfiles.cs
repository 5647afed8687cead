// Properties/launchSettings.json of a project: the environment variables and addresses developers run it with.

using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Run;

/// <summary>One profile that starts the project itself.</summary>
internal sealed record LaunchProfile(string Name, Dictionary<string, string> Variables, string[] Urls);

internal static class LaunchProfiles
{
    private static readonly JsonDocumentOptions Relaxed = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>The profile asked for, else the one of the AppHost's own profile's name, else the first.</summary>
    /// <exception cref="DistributedApplicationException">The profile asked for does not exist.</exception>
    public static LaunchProfile? Find(string projectPath, string? askedFor, string? ownProfile)
    {
        var profiles = Read(Path.GetDirectoryName(projectPath)!);
        if (askedFor is not null)
        {
            return profiles.FirstOrDefault(p => p.Name == askedFor)
                ?? throw new DistributedApplicationException($"Project '{projectPath}' has no launch profile '{askedFor}'.");
        }
        return profiles.FirstOrDefault(p => p.Name == ownProfile) ?? profiles.FirstOrDefault();
    }

    /// <summary>In tests nobody ran <c>dotnet run</c>, which would have applied the AppHost's first profile.</summary>
    public static void ApplyFirst(string appHostDirectory, HostApplicationBuilderSettings settings)
    {
        if (Read(appHostDirectory).FirstOrDefault() is not { } profile)
            return;
        settings.EnvironmentName ??= profile.Variables.GetValueOrDefault("DOTNET_ENVIRONMENT") ?? profile.Variables.GetValueOrDefault("ASPNETCORE_ENVIRONMENT");
        settings.Configuration?.AddInMemoryCollection(profile.Variables.ToDictionary(v => v.Key.Replace("__", ":", StringComparison.Ordinal), v => (string?)v.Value));
    }

    private static List<LaunchProfile> Read(string projectFolder)
    {
        var file = Path.Combine(projectFolder, "Properties", "launchSettings.json");
        if (!File.Exists(file))
            return [];
        using var document = JsonDocument.Parse(File.ReadAllText(file), Relaxed);
        var found = new List<LaunchProfile>();
        if (!document.RootElement.TryGetProperty("profiles", out var profiles))
            return found;
        foreach (var profile in profiles.EnumerateObject())
        {
            if (!profile.Value.TryGetProperty("commandName", out var command) || command.GetString() != "Project")
                continue;
            var variables = profile.Value.TryGetProperty("environmentVariables", out var given)
                ? given.EnumerateObject().ToDictionary(v => v.Name, v => v.Value.GetString() ?? "")
                : [];
            var urls = profile.Value.TryGetProperty("applicationUrl", out var url) ? url.GetString()! : "";
            found.Add(new LaunchProfile(profile.Name, variables, urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)));
        }
        return found;
    }
}
