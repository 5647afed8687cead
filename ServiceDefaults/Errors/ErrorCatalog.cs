// The error codes of the suite as data. Every code is an enum value in a proto file, with its gRPC status and title as
// an option beside it; this file reads them once from the generated descriptors, so code, documentation and wire never
// differ. Nothing here knows a particular error.
using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Reflection;
using ExternalAction.Contracts.Options.V1;
using ExternalAction.Contracts.Platform.V1;
using Google.Protobuf.Reflection;
using Grpc.Core;

namespace ExternalAction.ServiceDefaults;

/// <summary>One stable error code.</summary>
/// <param name="Domain">Whose code it is, for example <c>decisions.externalaction</c>: the proto package without version, reversed.</param>
/// <param name="Code">The name as written in the proto, for example <c>QUORUM_NOT_MET</c>.</param>
/// <param name="Status">The gRPC status it travels with.</param>
/// <param name="Title">A short title, the same for every occurrence (RFC 9457 <c>title</c>).</param>
/// <param name="HttpStatus">The HTTP status of a REST reply.</param>
public sealed record ErrorCode(string Domain, string Code, StatusCode Status, string Title, int HttpStatus)
{
    /// <summary>The service part of the domain, for example <c>decisions</c>; <c>platform</c> for codes all share.</summary>
    public string Service => Domain.Split('.')[0];

    /// <summary>RFC 9457 <c>type</c>: a reference relative to the gateway, where the code is described.</summary>
    public string Type => $"/errors/{Service}/{Code}";
}

/// <summary>All error codes of the contracts, and what a gRPC status means in HTTP.</summary>
public static class ErrorCatalog
{
    private static readonly ConcurrentDictionary<(string Domain, string Code), ErrorCode> Known = new();

    /// <summary>Every code of every service and of the platform, ordered by service and number.</summary>
    public static ImmutableArray<ErrorCode> All { get; } = ReadContracts();

    /// <summary>The facts of a code.</summary>
    /// <exception cref="InvalidOperationException">The enum is not one of error codes: a value has no <c>error</c> option.</exception>
    public static ErrorCode Of<TCode>(TCode code) where TCode : struct, Enum =>
        CodesOf<TCode>.ByValue.TryGetValue(code, out var facts)
            ? facts
            : throw new InvalidOperationException($"{typeof(TCode)} has no value {code}.");

    /// <summary>A code by its name on the wire, or null when this build does not know it (a newer service's code).</summary>
    public static ErrorCode? Find(string domain, string code) => Known.GetValueOrDefault((domain, code));

    /// <summary>The HTTP status of a gRPC status, unless a code says otherwise.</summary>
    public static int HttpStatusOf(StatusCode status) => status switch
    {
        StatusCode.OK => 200,
        StatusCode.InvalidArgument or StatusCode.OutOfRange => 400,
        StatusCode.Unauthenticated => 401,
        StatusCode.PermissionDenied => 403,
        StatusCode.NotFound => 404,
        StatusCode.AlreadyExists or StatusCode.Aborted or StatusCode.FailedPrecondition => 409,
        StatusCode.ResourceExhausted => 429,
        StatusCode.Cancelled => 499, // nobody reads it: the client has gone
        StatusCode.Unimplemented => 501,
        StatusCode.Unavailable => 503,
        StatusCode.DeadlineExceeded => 504,
        _ => 500,
    };

    private static ImmutableArray<ErrorCode> ReadContracts()
    {
        var codes = ContractFiles.All
            .SelectMany(file => file.MessageTypes.SelectMany(message => message.EnumTypes).Concat(file.EnumTypes))
            .Where(type => type.Values.All(value => OptionOf(value) is not null))
            .SelectMany(type => type.Values.Select(Read))
            .ToImmutableArray();
        foreach (var code in codes)
        {
            Known[(code.Domain, code.Code)] = code;
        }

        return codes;
    }

    private static ErrorOptions? OptionOf(EnumValueDescriptor value) => value.GetOptions()?.GetExtension(OptionsExtensions.Error);

    private static ErrorCode Read(EnumValueDescriptor value)
    {
        var option = OptionOf(value) ?? throw new InvalidOperationException(
            $"{value.FullName} has no option (externalaction.options.v1.error): an error code names its status and title.");
        var package = value.File.Package.Split('.'); // externalaction.decisions.v1
        var domain = package.Length >= 2 ? $"{package[1]}.{package[0]}" : value.File.Package;
        var status = (StatusCode)(int)option.Status;
        return new ErrorCode(domain, value.Name, status, option.Title, option.HttpStatus == 0 ? HttpStatusOf(status) : option.HttpStatus);
    }

    // The C# enum sits in Message.Types; the message's Descriptor leads to the enum's.
    private static class CodesOf<TCode> where TCode : struct, Enum
    {
        public static readonly FrozenDictionary<TCode, ErrorCode> ByValue = Load();

        private static FrozenDictionary<TCode, ErrorCode> Load()
        {
            var message = typeof(TCode).DeclaringType?.DeclaringType
                ?.GetProperty("Descriptor", BindingFlags.Public | BindingFlags.Static)?.GetValue(null) as MessageDescriptor;
            var type = message?.EnumTypes.FirstOrDefault(candidate => candidate.ClrType == typeof(TCode))
                ?? throw new InvalidOperationException($"{typeof(TCode)} is not an enum nested in a generated proto message.");
            var codes = type.Values.ToFrozenDictionary(value => (TCode)Enum.ToObject(typeof(TCode), value.Number), Read);
            foreach (var code in codes.Values)
            {
                Known.TryAdd((code.Domain, code.Code), code);
            }

            return codes;
        }
    }
}

/// <summary>The proto files of the Contracts project, found through their generated <c>…Reflection</c> classes.</summary>
public static class ContractFiles
{
    /// <summary>All files, ordered by name.</summary>
    public static ImmutableArray<FileDescriptor> All { get; } =
    [
        .. typeof(PlatformError).Assembly.GetExportedTypes()
            .Where(type => type is { IsAbstract: true, IsSealed: true } && type.Name.EndsWith("Reflection", StringComparison.Ordinal))
            .Select(type => type.GetProperty("Descriptor", BindingFlags.Public | BindingFlags.Static)?.GetValue(null))
            .OfType<FileDescriptor>()
            .OrderBy(file => file.Name, StringComparer.Ordinal),
    ];

    /// <summary>Full names (<c>/package.Service/Method</c>) of the rpcs that change nothing: those REST clients reach with GET.</summary>
    public static FrozenSet<string> Reads { get; } = All
        .SelectMany(file => file.Services)
        .SelectMany(service => service.Methods)
        .Where(method => method.GetOptions()?.GetExtension(Google.Api.AnnotationsExtensions.Http) is { Get.Length: > 0 })
        .Select(method => $"/{method.Service.FullName}/{method.Name}")
        .ToFrozenSet();
}
