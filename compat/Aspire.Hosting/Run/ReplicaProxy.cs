// The shared address of several processes: a TCP listener that hands each new connection to the next one that takes it.
// A connection stays with its process; a client that wants to spread its calls opens several.

using System.Net;
using System.Net.Sockets;

namespace Aspire.Hosting.Run;

internal sealed class ReplicaProxy : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly int[] _targets;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _accepting;
    private uint _next;

    private ReplicaProxy(TcpListener listener, int[] targets)
    {
        (_listener, _targets) = (listener, targets);
        _accepting = AcceptAsync();
    }

    /// <exception cref="DistributedApplicationException">The port was taken in the meantime.</exception>
    public static ReplicaProxy Open(int port, int[] targets)
    {
        var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start(512);
        }
        catch (SocketException e)
        {
            throw new DistributedApplicationException($"Port {port} on 127.0.0.1 was taken while the application started: {e.Message}", e);
        }
        return new ReplicaProxy(listener, targets);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_end.Token));
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // Ended, or the caller was gone before it was taken in.
            }
        }
    }

    private async Task ServeAsync(TcpClient caller)
    {
        using var incoming = caller;
        try
        {
            using var outgoing = await ConnectAsync();
            if (outgoing is null)
                return;
            incoming.NoDelay = outgoing.NoDelay = true;
            await using var inward = incoming.GetStream();
            await using var outward = outgoing.GetStream();
            await Task.WhenAll(CopyAsync(inward, outward, outgoing), CopyAsync(outward, inward, incoming));
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // One side went away; closing both is the answer.
        }
    }

    /// <summary>The next process that takes the connection; null if none does.</summary>
    private async Task<TcpClient?> ConnectAsync()
    {
        var first = unchecked(_next++);
        for (var i = 0u; i < _targets.Length; i++)
        {
            var client = new TcpClient(AddressFamily.InterNetwork);
            try
            {
                await client.ConnectAsync(IPAddress.Loopback, _targets[unchecked(first + i) % (uint)_targets.Length], _end.Token);
                return client;
            }
            catch (SocketException)
            {
                client.Dispose();
            }
        }
        return null;
    }

    /// <summary>Copies one direction and passes its end on; a broken side breaks the other at once.</summary>
    private async Task CopyAsync(NetworkStream from, NetworkStream to, TcpClient toClient)
    {
        try
        {
            await from.CopyToAsync(to, _end.Token);
            toClient.Client.Shutdown(SocketShutdown.Send);
        }
        catch
        {
            from.Close();
            to.Close();
            throw;
        }
    }
}
