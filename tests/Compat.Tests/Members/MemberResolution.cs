// The contract between the official assemblies and our projects: every type and every member the official ones refer to
// exists here, in the same assembly, under the same name and with the same signature. A package update that needs more fails here, by name,
// instead of with a MissingMethodException some day in production.
using System.Reflection;

namespace ExternalAction.Compat.Tests;

public class MemberResolution
{
    private static readonly HashSet<string> Ours = ["Grpc.Core.Api", "Grpc.Net.Common", "Pipelines.Sockets.Unofficial"];

    [Theory]
    [InlineData("Grpc.AspNetCore.Server", 60)]
    [InlineData("Grpc.Net.Client", 60)]
    [InlineData("StackExchange.Redis", 60)]
    public void Every_member_the_official_assembly_uses_exists_with_the_same_signature(string official, int atLeast)
    {
        using var assembly = new AssemblyMembers(PathOf(official));
        var used = assembly.MembersUsedOf(Ours).ToHashSet();
        var defined = Defined();

        Assert.True(used.Count >= atLeast, $"Only {used.Count} references were found; the test reads the wrong file or reads it wrongly.");
        Assert.Equal([], assembly.TypesUsedOf(Ours).Where(type => !defined.ContainsKey(type)));
        Assert.Equal([], used.Where(member => !Exists(member, defined)));
    }

    [Theory]
    [InlineData("Grpc.AspNetCore.Server")]
    [InlineData("Grpc.Net.Client")]
    [InlineData("StackExchange.Redis")]
    public void Every_type_of_the_official_assembly_loads(string official)
    {
        // Loading a type binds its base class, its interfaces and its overrides; one that does not fit throws here.
        Assert.NotEmpty(Assembly.Load(official).GetTypes());
    }

    [Fact]
    public void An_internal_member_or_one_with_another_signature_or_in_another_assembly_does_not_count_as_found()
    {
        var defined = Defined();
        var member = new MemberText("[Grpc.Core.Api]Grpc.Core.Metadata", "Add`0(String, String) : Void");

        Assert.True(Exists(member, defined));
        Assert.False(Exists(member with { Member = "Add`0(String, Int32) : Void" }, defined));
        Assert.False(Exists(member with { Member = "get_Configuration`0() : Grpc.Core.ClientBase/ClientBaseConfiguration", Type = "[Grpc.Core.Api]Grpc.Core.ClientBase" }, defined));
        Assert.False(Exists(member with { Type = "[Grpc.Net.Common]Grpc.Core.Metadata" }, defined));
        Assert.False(Exists(member with { Member = "static Add`0(String, String) : Void" }, defined));
    }

    [Theory]
    [InlineData("Grpc.Core.Api")]
    [InlineData("Grpc.Net.Common")]
    public void Our_assemblies_have_the_identity_the_official_ones_refer_to(string ours)
    {
        var used = Assembly.Load("Grpc.Net.Client").GetReferencedAssemblies().Single(reference => reference.Name == ours);
        var present = Assembly.Load(ours).GetName();

        Assert.Equal(used.FullName, present.FullName);
    }

    [Fact]
    public void The_version_told_to_others_is_the_version_of_the_official_assemblies()
    {
        var official = Assembly.Load("Grpc.Net.Client").GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

        Assert.Equal(Grpc.Core.VersionInfo.CurrentVersion, official.Split('+')[0]);
    }

    private static Dictionary<string, (string[] Parents, string[] Members)> Defined()
    {
        var defined = new Dictionary<string, (string[] Parents, string[] Members)>(StringComparer.Ordinal);
        foreach (var path in Ours.Select(PathOf))
        {
            using var assembly = new AssemblyMembers(path);
            foreach (var (type, parents, members) in assembly.Types()) defined.Add(type, (parents, members));
        }
        return defined;
    }

    /// <summary>Looks in the type itself and in what it inherits, as the runtime does.</summary>
    private static bool Exists(MemberText member, Dictionary<string, (string[] Parents, string[] Members)> defined) =>
        defined.TryGetValue(member.Type, out var type)
        && (type.Members.Contains(member.Member) || type.Parents.Any(parent => Exists(member with { Type = parent }, defined)));

    private static string PathOf(string assembly) => Path.Combine(AppContext.BaseDirectory, assembly + ".dll");
}
