using ExternalAction.Contracts.Decisions.V1;
using ExternalAction.Decisions.Domain;
using ExternalAction.ServiceDefaults;
using Grpc.Core;

namespace ExternalAction.Decisions.Grpc;

/// <summary>How a refusal of the domain leaves the service. No handler writes a status or a code itself.</summary>
internal static class Errors
{
    /// <summary>The domain said no.</summary>
    public static RpcException Of(Refusal refusal) =>
        RpcErrors.Create(Names.Map<RefusalCode, DecisionsError.Types.Code>(refusal.Code), refusal.Detail, refusal.Field, refusal.Article);

    /// <summary>The file does not exist, or this caller may not know of it: the same words for both.</summary>
    public static RpcException NotFound(string id) => RpcErrors.Create(DecisionsError.Types.Code.DecisionNotFound, $"There is no decision '{id}'.", "id");
}
