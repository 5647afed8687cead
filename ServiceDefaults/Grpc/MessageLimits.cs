// How large the messages of a service may be: 4 MB, unless the contract gives one of its rpcs a larger body. The limits are
// read from the descriptors of the services that are mapped, so there is no second list to keep.
using System.Reflection;
using ExternalAction.Contracts.Options.V1;
using Google.Protobuf.Reflection;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace ExternalAction.ServiceDefaults;

/// <summary>Raises the limit of those services whose contract has rpcs with large bodies; the other services keep theirs.</summary>
/// <typeparam name="TOptions">The options of one service: <see cref="GrpcServiceOptions{TService}"/>.</typeparam>
internal sealed class MessageLimits<TOptions> : IConfigureOptions<TOptions> where TOptions : GrpcServiceOptions
{
    public void Configure(TOptions options)
    {
        if (typeof(TOptions).GenericTypeArguments is [var service] && MessageLimits.LargestOf(service) is { } bytes)
        {
            options.MaxReceiveMessageSize = bytes;
        }
    }
}

/// <summary>What contracts say about the size of messages.</summary>
internal static class MessageLimits
{
    /// <summary>Largest file that the gateway takes for an rpc whose contract names no limit.</summary>
    private const int DefaultFileBytes = 8 << 20;

    /// <summary>Room for the other fields of the message, which come from path and query.</summary>
    private const int OtherFields = 64 << 10;

    /// <summary>Largest message of a service in bytes; null where the server's limit is enough.</summary>
    public static int? LargestOf(Type service)
    {
        var bodies = DescriptorOf(service)?.Methods
            .Select(method => method.GetOptions()?.GetExtension(OptionsExtensions.Media))
            .Where(media => media is { RequestField.Length: > 0 })
            .Select(media => (int)(media!.MaxBodyBytes > 0 ? media.MaxBodyBytes : DefaultFileBytes) + OtherFields) ?? [];
        return bodies.DefaultIfEmpty().Max() is var largest and > Microsoft.Extensions.DependencyInjection.GrpcServerExtensions.MaxReceiveMessageBytes ? largest : null;
    }

    /// <summary>The generated descriptor behind the class of a service.</summary>
    public static ServiceDescriptor? DescriptorOf(Type service)
    {
        for (var type = service; type is not null; type = type.BaseType)
        {
            if (type.GetCustomAttribute<BindServiceMethodAttribute>(inherit: false)?.BindType
                    .GetProperty("Descriptor", BindingFlags.Public | BindingFlags.Static)?.GetValue(null) is ServiceDescriptor descriptor)
            {
                return descriptor;
            }
        }

        return null;
    }
}

/// <summary>A gRPC call has no total length: its messages are limited one by one. The HTTP server's own limit of 30 MB would cut a large one.</summary>
internal sealed class GrpcBodies : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use((context, following) =>
        {
            if (context.Request.ContentType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) == true
                && context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            {
                size.MaxRequestBodySize = null;
            }

            return following(context);
        });
        next(app);
    };
}
