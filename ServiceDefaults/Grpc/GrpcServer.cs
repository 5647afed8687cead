// The gRPC server as every service runs it: messages of 4 MB at most where the contract asks for no more, no exception texts on the wire, and the two
// interceptors in their order, errors outermost so that a refused caller reads a code too.
using ExternalAction.ServiceDefaults;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the gRPC server and exception mappings.</summary>
public static class GrpcServerExtensions
{
    /// <summary>Largest message a service reads, in bytes, where its contract has no rpc with a larger body.</summary>
    public const int MaxReceiveMessageBytes = 4 * 1024 * 1024;

    /// <summary>Adds the gRPC server with the suite's interceptors. A second call (Standalone hosts several services) adds nothing.</summary>
    public static IServiceCollection AddGrpcServices(this IServiceCollection services)
    {
        if (services.Any(service => service.ServiceType == typeof(ErrorInterceptor)))
        {
            return services;
        }

        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<ErrorInterceptor>();
        services.AddSingleton<AccessInterceptor>();
        services.AddSingleton(typeof(IConfigureOptions<>), typeof(MessageLimits<>));
        services.AddSingleton<IStartupFilter, GrpcBodies>();
        services.AddGrpc(options =>
        {
            options.MaxReceiveMessageSize = MaxReceiveMessageBytes;
            options.EnableDetailedErrors = false;
            // Its catch-all {service}/{method} would turn a REST path's 405 into 404; gRPC clients read a 404 as UNIMPLEMENTED.
            options.IgnoreUnknownServices = true;
            options.Interceptors.Add<ErrorInterceptor>();
            options.Interceptors.Add<AccessInterceptor>();
        });
        return services;
    }

    /// <summary>Says how exceptions of a library become refusals; null leaves an exception to the next mapping.</summary>
    public static IServiceCollection MapExceptions(this IServiceCollection services, Func<Exception, RpcException?> map) =>
        services.Configure<ExceptionMapping>(mapping => mapping.Functions.Add(map));
}
