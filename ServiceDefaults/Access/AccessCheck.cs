// Looks at everything the application has mapped, before it listens: an rpc or endpoint that does not say who may call
// it stops the start. Forgetting is thereby impossible; opening something to everyone has to be written down.
using ExternalAction.ServiceDefaults;
using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ExternalAction.ServiceDefaults
{
    /// <summary>Marks an endpoint whose calls are judged by the service they are forwarded to.</summary>
    internal sealed record EnforcedDownstream(string Service);

    /// <summary>Runs once the pipeline is built and every endpoint known, before the server opens its ports.</summary>
    internal sealed class AccessCheck : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            next(app);
            Check(app.ApplicationServices.GetRequiredService<EndpointDataSource>());
        };

        private static void Check(EndpointDataSource source)
        {
            var silent = source.Endpoints.Where(endpoint => !SaysWhoMayCall(endpoint)).Select(NameOf).Order().ToArray();
            if (silent.Length > 0)
            {
                throw new InvalidOperationException(
                    $"These do not say who may call them: {string.Join("; ", silent)}. An rpc names roles in its option "
                    + "(externalaction.options.v1.access), an endpoint with RequireRoles, RequireAnyRole or AllowAnonymous.");
            }
        }

        private static bool SaysWhoMayCall(Endpoint endpoint)
        {
            if (endpoint.Metadata.GetMetadata<GrpcMethodMetadata>() is { } method)
            {
                return AccessInterceptor.RuleOf(method) is not null;
            }

            return endpoint.Metadata.GetMetadata<AccessRule>() is not null
                || endpoint.Metadata.GetMetadata<EnforcedDownstream>() is not null
                || endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null
                || AnswersUnimplemented(endpoint);
        }

        // The gRPC server maps catch-alls that answer UNIMPLEMENTED.
        private static bool AnswersUnimplemented(Endpoint endpoint) => endpoint is RouteEndpoint route
            && route.RoutePattern.Parameters.Any(parameter => parameter.Name is "unimplementedService" or "unimplementedMethod");

        private static string NameOf(Endpoint endpoint) => endpoint.Metadata.GetMetadata<GrpcMethodMetadata>()?.Method.FullName
            ?? (endpoint as RouteEndpoint)?.RoutePattern.RawText ?? endpoint.DisplayName ?? "an endpoint without a name";
    }
}

namespace Microsoft.AspNetCore.Builder
{
    /// <summary>How own HTTP endpoints say who may call them. The check wraps the endpoint itself: no middleware can be forgotten.</summary>
    public static class AccessEndpoints
    {
        /// <summary>Only callers with one of these roles: 401 without a valid token, 403 ROLE_MISSING with another role.</summary>
        public static TBuilder RequireRoles<TBuilder>(this TBuilder builder, params string[] roles) where TBuilder : IEndpointConventionBuilder =>
            builder.RequireAccess(AccessRule.ForRoles(roles));

        /// <summary>Every authenticated caller.</summary>
        public static TBuilder RequireAnyRole<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder =>
            builder.RequireAccess(AccessRule.ForAnyRole);

        /// <summary>The rule given, for example that of the rpc an endpoint stands for: <c>AccessRule.From(option)</c>.</summary>
        public static TBuilder RequireAccess<TBuilder>(this TBuilder builder, AccessRule rule) where TBuilder : IEndpointConventionBuilder
        {
            builder.Add(endpoint =>
            {
                endpoint.Metadata.Add(rule);
                var inner = endpoint.RequestDelegate;
                endpoint.RequestDelegate = context => rule.Refuse(context) is { } refusal
                    ? Problem.From(refusal).WriteAsync(context)
                    : inner!(context);
            });
            return builder;
        }

        /// <summary>The endpoint only forwards: the service behind it judges the call itself.</summary>
        public static TBuilder AccessEnforcedBy<TBuilder>(this TBuilder builder, string service) where TBuilder : IEndpointConventionBuilder
        {
            builder.Add(endpoint => endpoint.Metadata.Add(new EnforcedDownstream(service)));
            return builder;
        }
    }
}
