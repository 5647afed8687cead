using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace ExternalAction.House.Tests.Architecture;

/// <summary>The plan of the house, held by tests: who may know whom.</summary>
public sealed partial class LayeringTests
{
    private static readonly string _root = RepositoryRoot.Path;

    [Fact]
    public void Domains_use_nothing_but_System()
    {
        var foreign = Directory.EnumerateFiles(Path.Combine(_root, "services"), "*.cs", SearchOption.AllDirectories)
            .Where(f => f.Contains($"{Path.DirectorySeparatorChar}Domain{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .SelectMany(f => Usings().Matches(File.ReadAllText(f)).Select(m => (File: Path.GetRelativePath(_root, f), Using: m.Groups["name"].Value)))
            .Where(u => u.Using != "System" && !u.Using.StartsWith("System.", StringComparison.Ordinal) && !OwnDomain().IsMatch(u.Using))
            .ToList();
        Assert.Empty(foreign);
    }

    [Fact]
    public void Services_share_Contracts_Journal_and_ServiceDefaults_and_never_reference_each_other()
    {
        string[] shared = ["Contracts", "Journal", "ServiceDefaults"];
        string[] hosts = ["Standalone", "Journal.Tool"];
        foreach (var project in Directory.EnumerateFiles(Path.Combine(_root, "services"), "*.csproj", SearchOption.AllDirectories))
        {
            var name = Path.GetFileNameWithoutExtension(project);
            if (!hosts.Contains(name))
            {
                Assert.Empty(References(project).Except(shared));
            }
        }
    }

    [Fact]
    public void Contracts_reference_no_project_of_the_suite() => Assert.Empty(References(Path.Combine(_root, "services", "Contracts", "Contracts.csproj")));

    [Fact]
    public void Every_package_version_has_a_reason_beside_it()
    {
        var bare = File.ReadLines(Path.Combine(_root, "Directory.Packages.props")).Where(l => l.Contains("<PackageVersion", StringComparison.Ordinal) && !l.Contains("<!--", StringComparison.Ordinal) && !l.Contains("$(AspireVersion)", StringComparison.Ordinal));
        Assert.Empty(bare);
    }

    [Fact]
    public void Every_disabled_rule_has_a_reason_beside_it()
    {
        var bare = File.ReadLines(Path.Combine(_root, ".editorconfig")).Where(l => l.StartsWith("dotnet_diagnostic", StringComparison.Ordinal) && l.Contains("none", StringComparison.Ordinal) && !l.Contains('#', StringComparison.Ordinal));
        Assert.Empty(bare);
    }

    private static IEnumerable<string> References(string project) =>
        XDocument.Load(project).Descendants("ProjectReference").Select(r => Path.GetFileNameWithoutExtension(((string)r.Attribute("Include")!).Replace('\\', '/')));

    [GeneratedRegex(@"^using (static )?(\w+ = )?(?<name>[\w.]+);", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Usings();

    [GeneratedRegex(@"^ExternalAction\.\w+\.Domain(\.|$)", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex OwnDomain();
}
