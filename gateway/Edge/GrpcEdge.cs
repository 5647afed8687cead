using ExternalAction.ServiceDefaults;
using Grpc.Core;

namespace ExternalAction.Gateway.Edge;

/// <summary>Refusals in gRPC's own dialect: what the gateway refuses on its gRPC port arrives as a status with details, like a service's refusal.</summary>
internal static class GrpcEdge
{
    /// <summary>True for gRPC requests (not gRPC-Web, which is not offered).</summary>
    public static bool IsGrpc(this HttpContext context) =>
        context.Request.ContentType is { } type && (type.Equals("application/grpc", StringComparison.OrdinalIgnoreCase) || type.StartsWith("application/grpc+", StringComparison.OrdinalIgnoreCase));

    /// <summary>Answers refusals of the middleware that follows.</summary>
    public static void UseGrpcRefusals(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        try
        {
            await next(context);
        }
        catch (RpcException refusal) when (context.IsGrpc() && !context.Response.HasStarted)
        {
            Write(context, refusal);
        }
    });

    // A reply of headers only: the status stands in them (gRPC over HTTP/2, "Trailers-Only").
    private static void Write(HttpContext context, RpcException refusal)
    {
        context.Response.StatusCode = StatusCodes.Status200OK;
        context.Response.ContentType = "application/grpc";
        var headers = context.Response.Headers;
        headers["grpc-status"] = ((int)refusal.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture);
        headers["grpc-message"] = Uri.EscapeDataString(refusal.Status.Detail);
        if (refusal.Trailers.GetValueBytes(RpcErrors.DetailsTrailer) is { } details)
        {
            headers[RpcErrors.DetailsTrailer] = Convert.ToBase64String(details).TrimEnd('=');
        }
    }
}
