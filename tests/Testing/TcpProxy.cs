using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ExternalAction.Testing;

/// <summary>
/// A wire that can be cut: forwards a free port of 127.0.0.1 to another one. When armed with a text it cuts a connection
/// just before, or just after, that text has passed, so that a test can lose exactly one message.
/// </summary>
public sealed class TcpProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _accepting;
    private readonly int _target;
    private readonly TaskCompletionSource _refused = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private byte[]? _cutBeforeRequest;
    private byte[]? _cutBeforeReply;
    private volatile bool _refusing;
    private int _cuts;

    /// <summary>Starts to forward.</summary>
    public TcpProxy(int targetPort)
    {
        _target = targetPort;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    /// <summary>The port to connect to.</summary>
    public int Port { get; }

    /// <summary>How many connections were cut.</summary>
    public int Cuts => _cuts;

    /// <summary>Cuts the next connection whose client sends this text; the text does not arrive.</summary>
    public void CutBeforeRequest(string text) => _cutBeforeRequest = Encoding.UTF8.GetBytes(text);

    /// <summary>Cuts the next connection whose server answers with this text; the client never sees it.</summary>
    public void CutBeforeReply(string text) => _cutBeforeReply = Encoding.UTF8.GetBytes(text);

    /// <summary>Completes when a connection was refused for the first time.</summary>
    public Task Refused => _refused.Task;

    /// <summary>Whether new connections are closed at once, as if the server were gone.</summary>
    public bool Refusing
    {
        get => _refusing;
        set => _refusing = value;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var client = await _listener.AcceptTcpClientAsync(_stopping.Token);
                if (_refusing)
                {
                    client.Dispose();
                    _refused.TrySetResult();
                }
                else
                {
                    connections.Add(ForwardAsync(client));
                }
            }
            catch (Exception stopped) when (stopped is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                break;
            }
        }

        await Task.WhenAll(connections);
    }

    private async Task ForwardAsync(TcpClient client)
    {
        using (client)
        using (var server = new TcpClient())
        {
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, _target, _stopping.Token);
            }
            catch (Exception gone) when (gone is SocketException or OperationCanceledException)
            {
                return; // nobody at the other end: this one is closed, too
            }

            await Task.WhenAny(
                CopyAsync(client, server, () => Interlocked.Exchange(ref _cutBeforeRequest, null), () => _cutBeforeRequest),
                CopyAsync(server, client, () => Interlocked.Exchange(ref _cutBeforeReply, null), () => _cutBeforeReply));
        }
    }

    private async Task CopyAsync(TcpClient from, TcpClient to, Func<byte[]?> disarm, Func<byte[]?> armed)
    {
        var buffer = new byte[256 * 1024];
        try
        {
            while (true)
            {
                var count = await from.GetStream().ReadAsync(buffer, _stopping.Token);
                if (count == 0)
                {
                    return;
                }

                if (armed() is { } text && buffer.AsSpan(0, count).IndexOf(text) >= 0 && disarm() is not null)
                {
                    Interlocked.Increment(ref _cuts);
                    return;
                }

                await to.GetStream().WriteAsync(buffer.AsMemory(0, count), _stopping.Token);
            }
        }
        catch (Exception ended) when (ended is IOException or SocketException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // One end is gone; the other is closed with it.
        }
    }
}
