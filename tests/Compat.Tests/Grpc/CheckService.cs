// The service the gRPC checks call. What a call shall do is in the request; what the server saw of calls that the client
// gave up is in Sightings, which the checks await.
using System.Collections.Concurrent;
using ExternalAction.Compat.Tests.Contract;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace ExternalAction.Compat.Tests;

/// <summary>Meeting points between a check and the server, by name.</summary>
public sealed class Sightings
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource<string>> _points = new();
    private readonly ConcurrentDictionary<string, int> _counts = new();

    /// <summary>What the server reported under a name, once it has.</summary>
    public Task<string> Of(string name) => Point(name).Task.WaitAsync(TimeSpan.FromMinutes(1));

    /// <summary>Reports.</summary>
    public void Report(string name, string what) => Point(name).TrySetResult(what);

    /// <summary>Counts; returns the count so far.</summary>
    public int Count(string name) => _counts.AddOrUpdate(name, 1, (_, count) => count + 1);

    private TaskCompletionSource<string> Point(string name) =>
        _points.GetOrAdd(name, _ => new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously));
}

/// <summary>Does what the checks ask for.</summary>
public sealed class CheckService(Sightings sightings) : Checks.ChecksBase
{
    public const string DetailsTrailer = "grpc-status-details-bin";

    public override async Task<Reply> Answer(Question request, ServerCallContext context)
    {
        switch (request.What)
        {
            case "echo":
                return new Reply { Text = request.What, Number = request.Number, Payload = request.Payload };
            case "header":
                return new Reply { Text = context.RequestHeaders.GetValue("x-check") ?? "none" };
            case "encoding":
                return new Reply { Text = context.GetHttpContext().Request.Headers["grpc-encoding"].ToString(), Payload = request.Payload };
            case "trailers":
                context.ResponseTrailers.Add("x-text", "words");
                context.ResponseTrailers.Add("x-bytes-bin", [0, 1, 254, 255]);
                return new Reply();
            case "status":
                context.Status = new Status(StatusCode.FailedPrecondition, "closed ☂ since yesterday");
                return new Reply();
            case "details":
                var details = new StatusDetails { Code = (int)StatusCode.InvalidArgument, Message = "title is missing" };
                throw new RpcException(new Status(StatusCode.InvalidArgument, details.Message), new Metadata { { DetailsTrailer, details.ToByteArray() } });
            case "secret":
                throw new InvalidOperationException("the password is swordfish");
            case "wait":
                await WaitForEnd($"wait {request.Number}", context);
                return new Reply();
            case "flaky":
                if (sightings.Count($"flaky {request.Number}") < 3) throw new RpcException(new Status(StatusCode.Unavailable, "not yet"));
                return new Reply { Text = context.RequestHeaders.GetValue("grpc-previous-rpc-attempts") ?? "none" };
            default:
                throw new RpcException(new Status(StatusCode.NotFound, request.What));
        }
    }

    public override async Task<Reply> Sum(IAsyncStreamReader<Question> requestStream, ServerCallContext context)
    {
        var sum = 0;
        await foreach (var question in requestStream.ReadAllAsync(context.CancellationToken)) sum += question.Number;
        return new Reply { Number = sum };
    }

    public override async Task Count(Question request, IServerStreamWriter<Reply> responseStream, ServerCallContext context)
    {
        if (request.What == "headers first")
        {
            await context.WriteResponseHeadersAsync(new Metadata { { "x-early", "yes" } });
            await sightings.Of($"headers read {request.Number}");
        }
        for (var i = 1; i <= request.Number; i++) await responseStream.WriteAsync(new Reply { Number = i }, context.CancellationToken);
        if (request.What == "then wait") await WaitForEnd($"stream {request.Number}", context);
        context.ResponseTrailers.Add("x-count", request.Number.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    public override async Task Chat(IAsyncStreamReader<Question> requestStream, IServerStreamWriter<Reply> responseStream, ServerCallContext context)
    {
        while (await requestStream.MoveNext())
            await responseStream.WriteAsync(new Reply { Text = "re: " + requestStream.Current.What });
    }

    /// <summary>Waits until the call ends from outside and reports how much of the deadline the server had seen.</summary>
    private async Task WaitForEnd(string name, ServerCallContext context)
    {
        sightings.Report(name + " started", "");
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, context.CancellationToken);
        }
        catch (OperationCanceledException)
        {
            sightings.Report(name, context.Deadline == DateTime.MaxValue ? "cancelled, no deadline" : "cancelled, with a deadline");
            throw;
        }
    }
}

/// <summary>Marks the trailers of every call, of each shape, that passes the server.</summary>
public sealed class MarkingServerInterceptor : Interceptor
{
    public const string Trailer = "x-server-interceptor";

    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(TRequest request, ServerCallContext context,
        UnaryServerMethod<TRequest, TResponse> continuation)
    {
        context.ResponseTrailers.Add(Trailer, "unary");
        return await continuation(request, context);
    }

    public override async Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(IAsyncStreamReader<TRequest> requestStream, ServerCallContext context,
        ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        context.ResponseTrailers.Add(Trailer, "client streaming");
        return await continuation(requestStream, context);
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(TRequest request, IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        context.ResponseTrailers.Add(Trailer, "server streaming");
        await continuation(request, responseStream, context);
    }

    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream, ServerCallContext context, DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        context.ResponseTrailers.Add(Trailer, "duplex streaming");
        await continuation(requestStream, responseStream, context);
    }
}
