using ExternalAction.Contracts.Decisions.V1;
using ExternalAction.Contracts.Sanctions.V1;
using Google.Protobuf.Reflection;

namespace ExternalAction.Gateway;

/// <summary>
/// A service behind the gateway: its name in service discovery and the proto files that say what it offers. Everything
/// the gateway does for a service (REST paths, OpenAPI, gRPC forwarding, caching, health) follows from these two.
/// </summary>
public sealed class GatewayService
{
    /// <summary>Describes a service.</summary>
    /// <param name="name">Its name in service discovery and as the source of its integration events, for example <c>decisions</c>.</param>
    /// <param name="files">The files that declare its gRPC services, for example <c>DecisionsReflection.Descriptor</c>.</param>
    public GatewayService(string name, params FileDescriptor[] files)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Name = name;
        Files = files;
    }

    /// <summary>Name in service discovery.</summary>
    public string Name { get; }

    /// <summary>The files that declare its gRPC services.</summary>
    public IReadOnlyList<FileDescriptor> Files { get; }

    /// <summary>
    /// True: the service is mapped in the gateway's own process (Standalone), so calls go to the process's own gRPC port
    /// and nothing is forwarded.
    /// </summary>
    public bool Local { get; init; }

    /// <summary>The services of the suite.</summary>
    /// <param name="local">True: they are mapped in the gateway's own process.</param>
    public static GatewayService[] Suite(bool local = false) =>
    [
        new("decisions", DecisionsReflection.Descriptor, VotesReflection.Descriptor, ReferenceReflection.Descriptor) { Local = local },
        new("sanctions", RegimesReflection.Descriptor, ListingsReflection.Descriptor, ListsReflection.Descriptor, ScreeningsReflection.Descriptor, SubjectsReflection.Descriptor) { Local = local },
    ];
}
