using ExternalAction.Contracts.Decisions.V1;
using ExternalAction.Contracts.Options.V1;
using Google.Protobuf.Reflection;

namespace ExternalAction.House.Tests.Architecture;

/// <summary>
/// Clients are built against the contract: what is published is not renamed, renumbered or removed. Additions go into the
/// baseline with UPDATE_BASELINE=1 dotnet test tests/House.Tests --filter ContractBaseline.
/// </summary>
public sealed class ContractBaselineTests
{
    private static readonly string _file = Path.Combine(RepositoryRoot.Path, "tests", "House.Tests", "Architecture", "contract-baseline.txt");

    [Fact]
    public void Nothing_published_has_changed_and_everything_new_is_recorded()
    {
        var now = PublishedFiles().SelectMany(Lines).Order(StringComparer.Ordinal).ToList();
        if (Environment.GetEnvironmentVariable("UPDATE_BASELINE") == "1")
        {
            File.WriteAllLines(_file, now);
        }
        var baseline = File.ReadAllLines(_file);
        Assert.Empty(baseline.Except(now));
        Assert.Empty(now.Except(baseline));
    }

    /// <summary>Every proto file of the suite's services.</summary>
    private static IEnumerable<FileDescriptor> PublishedFiles() => typeof(DecisionsReflection).Assembly.GetTypes()
        .Where(t => t.Name.EndsWith("Reflection", StringComparison.Ordinal) && t.Namespace != typeof(OptionsReflection).Namespace)
        .Select(t => t.GetProperty("Descriptor")?.GetValue(null)).OfType<FileDescriptor>().Where(f => f.Package.StartsWith("externalaction.", StringComparison.Ordinal));

    private static IEnumerable<string> Lines(FileDescriptor file) =>
        file.MessageTypes.SelectMany(Lines).Concat(file.Services.SelectMany(s => s.Methods.Select(m =>
            $"rpc {m.FullName}({m.InputType.FullName}) returns ({(m.IsServerStreaming ? "stream " : "")}{m.OutputType.FullName})")));

    private static IEnumerable<string> Lines(MessageDescriptor message) =>
        message.Fields.InDeclarationOrder().Select(f => $"field {message.FullName}.{f.Name} = {f.FieldNumber} {(f.IsRepeated ? "repeated " : "")}{f.FieldType}{(f.FieldType == FieldType.Message ? $" {f.MessageType.FullName}" : f.FieldType == FieldType.Enum ? $" {f.EnumType.FullName}" : "")}")
            .Concat(message.EnumTypes.SelectMany(e => e.Values.Select(v => $"value {e.FullName}.{v.Name} = {v.Number}")))
            .Concat(message.NestedTypes.SelectMany(Lines));
}
