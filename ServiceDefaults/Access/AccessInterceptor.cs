// Enforces the access option of every rpc. The rule is found through the generated service descriptor, so there is no
// second list to keep; an rpc whose rule cannot be found is refused, and AccessCheck has stopped the service before that.
using System.Collections.Concurrent;
using ExternalAction.Contracts.Options.V1;
using ExternalAction.Contracts.Platform.V1;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.AspNetCore.Http;

namespace ExternalAction.ServiceDefaults;

/// <summary>Refuses calls whose caller lacks the roles the contract asks for.</summary>
public sealed class AccessInterceptor : Interceptor
{
    private readonly ConcurrentDictionary<string, AccessRule?> _rules = new();

    /// <summary>The rule of a mapped gRPC method, or null when its contract has none.</summary>
    internal static AccessRule? RuleOf(GrpcMethodMetadata method) =>
        AccessRule.From(MessageLimits.DescriptorOf(method.ServiceType)?.FindMethodByName(method.Method.Name)?.GetOptions()?.GetExtension(OptionsExtensions.Access));

    /// <inheritdoc/>
    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        Demand(context);
        return continuation(request, context);
    }

    /// <inheritdoc/>
    public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Demand(context);
        return continuation(requestStream, context);
    }

    /// <inheritdoc/>
    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Demand(context);
        return continuation(request, responseStream, context);
    }

    /// <inheritdoc/>
    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Demand(context);
        return continuation(requestStream, responseStream, context);
    }

    private void Demand(ServerCallContext context)
    {
        var http = context.GetHttpContext();
        if (!_rules.TryGetValue(context.Method, out var rule))
        {
            rule = http.GetEndpoint()?.Metadata.GetMetadata<GrpcMethodMetadata>() is { } method ? RuleOf(method) : null;
            _rules[context.Method] = rule;
        }

        if (rule is null)
        {
            throw RpcErrors.Create(PlatformError.Types.Code.RoleMissing, "Nobody may call this: its contract names no roles.");
        }

        if (rule.Refuse(http) is { } refusal)
        {
            throw refusal;
        }
    }
}
