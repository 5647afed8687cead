using System.Text.Json.Nodes;
using ExternalAction.Contracts.Decisions.V1;
using ExternalAction.Contracts.Sanctions.V1;
using Google.Protobuf.Reflection;

namespace ExternalAction.Suite.Tests.Clients;

/// <summary>A refusal as a client sees it, over either protocol.</summary>
public sealed class ApiException(string code, string status, string detail, string? field, string? article) : Exception($"{code} ({status}): {detail} [{field}] {article}")
{
    public string Code { get; } = code;
    public string Status { get; } = status;
    public string Detail { get; } = detail;
    public string? Field { get; } = field;
    public string? Article { get; } = article;
}

/// <summary>What a call may carry besides its message.</summary>
/// <param name="Token">Bearer token; null for none.</param>
/// <param name="Key">Idempotency key; null for none.</param>
/// <param name="MinPosition">The least journal position to answer at; null for any.</param>
public sealed record CallOptions(string? Token, string? Key = null, long? MinPosition = null);

/// <summary>
/// One client for both ways in: the same rpc and the same JSON go over REST, or as protobuf over gRPC. So every test that
/// uses it proves both.
/// </summary>
public abstract class Api
{
    private static readonly Dictionary<string, MethodDescriptor> _methods = Methods().GroupBy(m => m.Name).ToDictionary(g => g.Key, g => g.First());

    /// <summary>Every rpc of the suite.</summary>
    public static IEnumerable<MethodDescriptor> Methods() =>
        new[] { DecisionsReflection.Descriptor, VotesReflection.Descriptor, ReferenceReflection.Descriptor, RegimesReflection.Descriptor, ListingsReflection.Descriptor, ListsReflection.Descriptor, ScreeningsReflection.Descriptor, SubjectsReflection.Descriptor }
            .SelectMany(f => f.Services).SelectMany(s => s.Methods);

    /// <summary>Calls an rpc by its name, for example <c>RecordVote</c>; where two services have one of that name, <c>Listings.GetJournalHead</c>.</summary>
    /// <exception cref="ApiException">The call was refused.</exception>
    public Task<JsonObject> CallAsync(string rpc, JsonObject request, CallOptions options) =>
        SendAsync(rpc.Split('.') is [var service, var name] ? Methods().Single(m => m.Service.Name == service && m.Name == name) : _methods[rpc], request, options);

    protected abstract Task<JsonObject> SendAsync(MethodDescriptor method, JsonObject request, CallOptions options);
}
