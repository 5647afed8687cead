// What a client holds while a call runs, one class for each method shape. All four share the same controls: response
// headers, the final status and trailers, and Dispose, which cancels a call that still runs.
using System.Runtime.CompilerServices;

namespace Grpc.Core;

/// <summary>
/// The controls of a running call. Transports pass functions over one state object so that they need no closure for each;
/// callers without such an object pass plain functions, which then are the state.
/// </summary>
internal readonly struct CallControls
{
    private readonly Func<object, Task<Metadata>> _headers;
    private readonly Func<object, Status> _status;
    private readonly Func<object, Metadata> _trailers;
    private readonly Action<object> _dispose;
    private readonly object _state;

    public CallControls(Func<object, Task<Metadata>> headers, Func<object, Status> status, Func<object, Metadata> trailers, Action<object> dispose, object state)
    {
        _headers = headers ?? throw new ArgumentNullException(nameof(headers));
        _status = status ?? throw new ArgumentNullException(nameof(status));
        _trailers = trailers ?? throw new ArgumentNullException(nameof(trailers));
        _dispose = dispose ?? throw new ArgumentNullException(nameof(dispose));
        _state = state;
    }

    public CallControls(Task<Metadata> headers, Func<Status> status, Func<Metadata> trailers, Action dispose)
        : this(static s => ((Plain)s).Headers, static s => ((Plain)s).Status(), static s => ((Plain)s).Trailers(), static s => ((Plain)s).Dispose(),
            new Plain(headers, status, trailers, dispose))
    {
    }

    public Task<Metadata> Headers => _headers(_state);

    public Status Status => _status(_state);

    public Metadata Trailers => _trailers(_state);

    public void Dispose() => _dispose(_state);

    private sealed record Plain(Task<Metadata> Headers, Func<Status> Status, Func<Metadata> Trailers, Action Dispose);
}

/// <summary>A running unary call; await it for the response.</summary>
public sealed class AsyncUnaryCall<TResponse> : IDisposable
{
    private readonly CallControls _controls;

    /// <summary>A call of plain functions.</summary>
    public AsyncUnaryCall(Task<TResponse> responseAsync, Task<Metadata> responseHeadersAsync, Func<Status> getStatusFunc,
        Func<Metadata> getTrailersFunc, Action disposeAction)
    {
        ResponseAsync = responseAsync;
        _controls = new(responseHeadersAsync, getStatusFunc, getTrailersFunc, disposeAction);
    }

    /// <summary>A call of functions over one state object.</summary>
    public AsyncUnaryCall(Task<TResponse> responseAsync, Func<object, Task<Metadata>> responseHeadersAsync, Func<object, Status> getStatusFunc,
        Func<object, Metadata> getTrailersFunc, Action<object> disposeAction, object state)
    {
        ResponseAsync = responseAsync;
        _controls = new(responseHeadersAsync, getStatusFunc, getTrailersFunc, disposeAction, state);
    }

    /// <summary>The response.</summary>
    public Task<TResponse> ResponseAsync { get; }

    /// <summary>The response headers.</summary>
    public Task<Metadata> ResponseHeadersAsync => _controls.Headers;

    /// <summary>Awaits the response.</summary>
    public TaskAwaiter<TResponse> GetAwaiter() => ResponseAsync.GetAwaiter();

    /// <summary>Awaits the response with the given choice of context.</summary>
    public ConfiguredTaskAwaitable<TResponse> ConfigureAwait(bool continueOnCapturedContext) => ResponseAsync.ConfigureAwait(continueOnCapturedContext);

    /// <summary>The outcome; only after the call ended.</summary>
    public Status GetStatus() => _controls.Status;

    /// <summary>The trailers; only after the call ended.</summary>
    public Metadata GetTrailers() => _controls.Trailers;

    /// <summary>Frees the call, cancelling it if it still runs.</summary>
    public void Dispose() => _controls.Dispose();
}

/// <summary>A running client streaming call; write the requests, complete them, then await it for the response.</summary>
public sealed class AsyncClientStreamingCall<TRequest, TResponse> : IDisposable
{
    private readonly CallControls _controls;

    /// <summary>A call of plain functions.</summary>
    public AsyncClientStreamingCall(IClientStreamWriter<TRequest> requestStream, Task<TResponse> responseAsync, Task<Metadata> responseHeadersAsync,
        Func<Status> getStatusFunc, Func<Metadata> getTrailersFunc, Action disposeAction)
    {
        RequestStream = requestStream;
        ResponseAsync = responseAsync;
        _controls = new(responseHeadersAsync, getStatusFunc, getTrailersFunc, disposeAction);
    }

    /// <summary>A call of functions over one state object.</summary>
    public AsyncClientStreamingCall(IClientStreamWriter<TRequest> requestStream, Task<TResponse> responseAsync,
        Func<object, Task<Metadata>> responseHeadersAsync, Func<object, Status> getStatusFunc, Func<object, Metadata> getTrailersFunc,
        Action<object> disposeAction, object state)
    {
        RequestStream = requestStream;
        ResponseAsync = responseAsync;
        _controls = new(responseHeadersAsync, getStatusFunc, getTrailersFunc, disposeAction, state);
    }

    /// <summary>Where the requests go.</summary>
    public IClientStreamWriter<TRequest> RequestStream { get; }

    /// <summary>The response.</summary>
    public Task<TResponse> ResponseAsync { get; }

    /// <summary>The response headers.</summary>
    public Task<Metadata> ResponseHeadersAsync => _controls.Headers;

    /// <summary>Awaits the response.</summary>
    public TaskAwaiter<TResponse> GetAwaiter() => ResponseAsync.GetAwaiter();

    /// <summary>Awaits the response with the given choice of context.</summary>
    public ConfiguredTaskAwaitable<TResponse> ConfigureAwait(bool continueOnCapturedContext) => ResponseAsync.ConfigureAwait(continueOnCapturedContext);

    /// <summary>The outcome; only after the call ended.</summary>
    public Status GetStatus() => _controls.Status;

    /// <summary>The trailers; only after the call ended.</summary>
    public Metadata GetTrailers() => _controls.Trailers;

    /// <summary>Frees the call, cancelling it if it still runs.</summary>
    public void Dispose() => _controls.Dispose();
}

/// <summary>A running server streaming call; read the responses to the end.</summary>
public sealed class AsyncServerStreamingCall<TResponse> : IDisposable
{
    private readonly CallControls _controls;

    /// <summary>A call of plain functions.</summary>
    public AsyncServerStreamingCall(IAsyncStreamReader<TResponse> responseStream, Task<Metadata> responseHeadersAsync, Func<Status> getStatusFunc,
        Func<Metadata> getTrailersFunc, Action disposeAction)
    {
        ResponseStream = responseStream;
        _controls = new(responseHeadersAsync, getStatusFunc, getTrailersFunc, disposeAction);
    }

    /// <summary>A call of functions over one state object.</summary>
    public AsyncServerStreamingCall(IAsyncStreamReader<TResponse> responseStream, Func<object, Task<Metadata>> responseHeadersAsync,
        Func<object, Status> getStatusFunc, Func<object, Metadata> getTrailersFunc, Action<object> disposeAction, object state)
    {
        ResponseStream = responseStream;
        _controls = new(responseHeadersAsync, getStatusFunc, getTrailersFunc, disposeAction, state);
    }

    /// <summary>Where the responses come from.</summary>
    public IAsyncStreamReader<TResponse> ResponseStream { get; }

    /// <summary>The response headers.</summary>
    public Task<Metadata> ResponseHeadersAsync => _controls.Headers;

    /// <summary>The outcome; only after the call ended.</summary>
    public Status GetStatus() => _controls.Status;

    /// <summary>The trailers; only after the call ended.</summary>
    public Metadata GetTrailers() => _controls.Trailers;

    /// <summary>Frees the call, cancelling it if it still runs.</summary>
    public void Dispose() => _controls.Dispose();
}

/// <summary>A running duplex streaming call; both streams run on their own.</summary>
public sealed class AsyncDuplexStreamingCall<TRequest, TResponse> : IDisposable
{
    private readonly CallControls _controls;

    /// <summary>A call of plain functions.</summary>
    public AsyncDuplexStreamingCall(IClientStreamWriter<TRequest> requestStream, IAsyncStreamReader<TResponse> responseStream,
        Task<Metadata> responseHeadersAsync, Func<Status> getStatusFunc, Func<Metadata> getTrailersFunc, Action disposeAction)
    {
        RequestStream = requestStream;
        ResponseStream = responseStream;
        _controls = new(responseHeadersAsync, getStatusFunc, getTrailersFunc, disposeAction);
    }

    /// <summary>A call of functions over one state object.</summary>
    public AsyncDuplexStreamingCall(IClientStreamWriter<TRequest> requestStream, IAsyncStreamReader<TResponse> responseStream,
        Func<object, Task<Metadata>> responseHeadersAsync, Func<object, Status> getStatusFunc, Func<object, Metadata> getTrailersFunc,
        Action<object> disposeAction, object state)
    {
        RequestStream = requestStream;
        ResponseStream = responseStream;
        _controls = new(responseHeadersAsync, getStatusFunc, getTrailersFunc, disposeAction, state);
    }

    /// <summary>Where the requests go.</summary>
    public IClientStreamWriter<TRequest> RequestStream { get; }

    /// <summary>Where the responses come from.</summary>
    public IAsyncStreamReader<TResponse> ResponseStream { get; }

    /// <summary>The response headers.</summary>
    public Task<Metadata> ResponseHeadersAsync => _controls.Headers;

    /// <summary>The outcome; only after the call ended.</summary>
    public Status GetStatus() => _controls.Status;

    /// <summary>The trailers; only after the call ended.</summary>
    public Metadata GetTrailers() => _controls.Trailers;

    /// <summary>Frees the call, cancelling it if it still runs.</summary>
    public void Dispose() => _controls.Dispose();
}
