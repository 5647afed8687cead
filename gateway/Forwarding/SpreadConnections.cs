using ExternalAction.ServiceDefaults;
using Grpc.Core;
using Yarp.ReverseProxy.Forwarder;

namespace ExternalAction.Gateway.Forwarding;

/// <summary>
/// Several connections to each service, used in turn. One HTTP/2 connection carries all calls, and an orchestrator that
/// gives all replicas one address balances connections, not calls: with one of them a single replica would do all the work.
/// </summary>
internal sealed class SpreadConnections(int connections, ILogger<ForwarderHttpClientFactory> logger) : ForwarderHttpClientFactory(logger), IForwarderHttpClientFactory
{
    HttpMessageInvoker IForwarderHttpClientFactory.CreateClient(ForwarderHttpClientContext context) =>
        context.OldClient is not null && CanReuseOldClient(context)
            ? context.OldClient
            : new HttpMessageInvoker(new InTurn([.. Enumerable.Range(0, connections).Select(_ => CreateClient(context))]), disposeHandler: true);

    private sealed class InTurn(HttpMessageInvoker[] invokers) : HttpMessageHandler
    {
        private uint _turn;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            invokers[unchecked(Interlocked.Increment(ref _turn)) % (uint)invokers.Length].SendAsync(request, cancellationToken);

        protected override void Dispose(bool disposing)
        {
            Array.ForEach(invokers, invoker => invoker.Dispose());
            base.Dispose(disposing);
        }
    }
}

/// <summary>The same for the gateway's own calls, those of REST: a set of channels for each connection.</summary>
internal sealed class SpreadChannels(int connections, IServiceProvider services) : IDisposable
{
    private readonly GrpcChannels[] _channels = [.. Enumerable.Range(0, connections).Select(_ => ActivatorUtilities.CreateInstance<GrpcChannels>(services))];
    private uint _turn;

    /// <summary>The next connection to a service.</summary>
    public CallInvoker Next(string service) => _channels[unchecked(Interlocked.Increment(ref _turn)) % (uint)_channels.Length].Invoker(service);

    public void Dispose() => Array.ForEach(_channels, channels => channels.Dispose());
}
