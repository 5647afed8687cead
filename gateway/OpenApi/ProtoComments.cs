using System.Collections.Frozen;
using System.Text;
using ExternalAction.Contracts.Platform.V1;
using Google.Protobuf.Reflection;

namespace ExternalAction.Gateway.OpenApi;

/// <summary>
/// The comments of the proto files by full name of what they describe. Generated C# descriptors leave them out, so they are
/// read from the descriptor set that the Contracts assembly carries as a resource.
/// </summary>
internal sealed class ProtoComments
{
    // Field numbers within descriptor.proto: how a location's path names what it is about.
    private const int FileMessages = 4, FileEnums = 5, FileServices = 6, FileSyntax = 12, MessageFields = 2, MessageMessages = 3, MessageEnums = 4, EnumValues = 2, ServiceMethods = 2;

    private readonly FrozenDictionary<string, string> _byName;

    private ProtoComments(IEnumerable<KeyValuePair<string, string>> comments) => _byName = comments.ToFrozenDictionary();

    /// <summary>The comments of the contracts.</summary>
    public static ProtoComments OfContracts()
    {
        using var resource = typeof(PlatformError).Assembly.GetManifestResourceStream("contracts.protoset") ?? throw new InvalidOperationException("The Contracts assembly has no descriptor set.");
        return new ProtoComments(FileDescriptorSet.Parser.ParseFrom(resource).File.SelectMany(Read));
    }

    /// <summary>The comment above a declaration, or a file's first one, its lines joined to paragraphs; empty when there is none.</summary>
    public string Of(IDescriptor descriptor) => _byName.GetValueOrDefault(descriptor is FileDescriptor ? descriptor.Name : descriptor.FullName, "");

    private static IEnumerable<KeyValuePair<string, string>> Read(FileDescriptorProto file) =>
        from location in file.SourceCodeInfo?.Location ?? []
        where location.LeadingComments.Length > 0
        let name = NameOf(file, [.. location.Path])
        where name is not null
        group location by name into named // an enum value's option is a location of its own
        select KeyValuePair.Create(named.Key == file.Name ? file.Name : $"{file.Package}.{named.Key}", Paragraphs(named.First().LeadingComments));

    private static string? NameOf(FileDescriptorProto file, int[] path) => path switch
    {
        [FileSyntax] => file.Name, // what is written above the syntax statement is about the file
        [FileServices, var service] => file.Service[service].Name,
        [FileServices, var service, ServiceMethods, var method] => $"{file.Service[service].Name}.{file.Service[service].Method[method].Name}",
        [FileEnums, var type, .. var rest] => NameOf(file.EnumType[type], "", rest),
        [FileMessages, var message, .. var rest] => NameOf(file.MessageType[message], "", rest),
        _ => null,
    };

    private static string? NameOf(DescriptorProto message, string within, int[] path) => path switch
    {
        [] => within + message.Name,
        [MessageFields, var field] => $"{within}{message.Name}.{message.Field[field].Name}",
        [MessageMessages, var nested, .. var rest] => NameOf(message.NestedType[nested], $"{within}{message.Name}.", rest),
        [MessageEnums, var type, .. var rest] => NameOf(message.EnumType[type], $"{within}{message.Name}.", rest),
        _ => null,
    };

    // An enum value's full name is its enum's sibling in protobuf's rules; C# descriptors follow them.
    private static string? NameOf(EnumDescriptorProto type, string within, int[] path) => path switch
    {
        [] => within + type.Name,
        [EnumValues, var value] => $"{within}{type.Name}.{type.Value[value].Name}",
        _ => null,
    };

    private static string Paragraphs(string comment)
    {
        var text = new StringBuilder();
        foreach (var line in comment.Split('\n').Select(line => line.Trim()))
        {
            text.Append(line.Length == 0 ? "\n\n" : text.Length == 0 || text[^1] == '\n' ? line : $" {line}");
        }

        return text.ToString().Trim();
    }
}
