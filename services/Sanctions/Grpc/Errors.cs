using ExternalAction.Contracts.Sanctions.V1;
using ExternalAction.Sanctions.Domain;
using ExternalAction.ServiceDefaults;
using Grpc.Core;

namespace ExternalAction.Sanctions.Grpc;

/// <summary>How a refusal leaves the service. No handler writes a status or a code itself.</summary>
internal static class Errors
{
    /// <summary>The domain said no.</summary>
    public static RpcException Of(Refusal refusal) =>
        RpcErrors.Create(Names.Map<RefusalCode, SanctionsError.Types.Code>(refusal.Code), refusal.Detail, refusal.Field, refusal.Article);

    /// <summary>The listing does not exist, or this caller may not know of it: the same words for both.</summary>
    public static RpcException NotFound(string id) => RpcErrors.Create(SanctionsError.Types.Code.ListingNotFound, $"There is no listing '{id}'.", "id");

    /// <summary>There is no such list.</summary>
    public static RpcException NoSuchList(string list, string field = "list") =>
        RpcErrors.Create(SanctionsError.Types.Code.ListNotFound, $"There is no list '{list}'; the lists are {SanctionsState.Eu} and {SanctionsState.Un}.", field);

    /// <summary>There is no such regime.</summary>
    public static RpcException NoSuchRegime(string code) => RpcErrors.Create(SanctionsError.Types.Code.RegimeNotFound, $"There is no regime '{code}'.", "code");
}
