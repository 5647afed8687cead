// A connected socket as a pair of pipes. It remembers why it ended, first reason first, for the messages users see.
using System.IO.Pipelines;
using System.Net.Sockets;

namespace Pipelines.Sockets.Unofficial;

/// <summary>Why a connection ended.</summary>
public enum PipeShutdownKind
{
    /// <summary>It has not.</summary>
    None = 0,
    /// <summary>It was disposed.</summary>
    PipeDisposed = 1,
    /// <summary>The other side closed it.</summary>
    ReadEndOfStream = 100,
    /// <summary>A receive met a disposed socket.</summary>
    ReadDisposed = 101,
    /// <summary>A receive failed in the stream below.</summary>
    ReadIOException = 102,
    /// <summary>A receive failed otherwise.</summary>
    ReadException = 103,
    /// <summary>A receive failed in the socket.</summary>
    ReadSocketError = 104,
    /// <summary>The user's writer ended.</summary>
    WriteEndOfStream = 200,
    /// <summary>A send met a disposed socket.</summary>
    WriteDisposed = 201,
    /// <summary>A send failed in the stream below.</summary>
    WriteIOException = 203,
    /// <summary>A send failed otherwise.</summary>
    WriteException = 204,
    /// <summary>A send failed in the socket.</summary>
    WriteSocketError = 205,
    /// <summary>The client said goodbye in its protocol.</summary>
    ProtocolExitClient = 400,
    /// <summary>The server said goodbye in its protocol.</summary>
    ProtocolExitServer = 401,
}

/// <summary>Options of a connection; accepted for the API's sake, this implementation always works the same way.</summary>
[Flags]
public enum SocketConnectionOptions
{
    /// <summary>None.</summary>
    None = 0,
    /// <summary>Wait for data with empty reads.</summary>
    ZeroLengthReads = 1,
    /// <summary>Read where the data arrives.</summary>
    InlineReads = 2,
    /// <summary>Write where the data is made.</summary>
    InlineWrites = 4,
    /// <summary>Go on where the connection was made.</summary>
    InlineConnect = 8,
}

/// <summary>The other side broke the connection.</summary>
public sealed class ConnectionResetException : IOException
{
    /// <summary>A break.</summary>
    public ConnectionResetException() { }

    /// <summary>A break with a message.</summary>
    public ConnectionResetException(string message) : base(message) { }

    /// <summary>A break with a message and its cause.</summary>
    public ConnectionResetException(string message, Exception inner) : base(message, inner) { }
}

/// <summary>A socket as a pair of pipes.</summary>
public sealed class SocketConnection : DuplexPump
{
    private int _shutdownKind;

    private SocketConnection(Socket socket, PipeOptions? sendPipeOptions, PipeOptions? receivePipeOptions, string? name)
        : base(sendPipeOptions, receivePipeOptions)
    {
        Socket = socket;
        Name = name ?? nameof(SocketConnection);
    }

    /// <summary>The socket.</summary>
    public Socket Socket { get; }

    /// <summary>The first reason the connection ended for.</summary>
    public PipeShutdownKind ShutdownKind => (PipeShutdownKind)Volatile.Read(ref _shutdownKind);

    /// <summary>The socket error behind <see cref="ShutdownKind"/>, if there was one.</summary>
    public SocketError SocketError { get; private set; }

    private string Name { get; }

    /// <summary>Starts carrying bytes between a connected socket and a pair of pipes.</summary>
    public static SocketConnection Create(Socket socket, PipeOptions? sendPipeOptions, PipeOptions? receivePipeOptions,
        SocketConnectionOptions socketConnectionOptions = SocketConnectionOptions.None, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(socket);
        var connection = new SocketConnection(socket, sendPipeOptions, receivePipeOptions, name);
        connection.Start();
        return connection;
    }

    /// <summary>Sends small packets at once (no Nagle delay).</summary>
    public static void SetRecommendedClientOptions(Socket socket)
    {
        ArgumentNullException.ThrowIfNull(socket);
        if (socket.AddressFamily is AddressFamily.InterNetwork or AddressFamily.InterNetworkV6) socket.NoDelay = true;
    }

    /// <summary>Does nothing: this assembly has no dependencies that could be missing.</summary>
    public static void AssertDependencies() { }

    /// <summary>Notes that the protocol above says goodbye; true unless another reason came first.</summary>
    public bool TrySetProtocolShutdown(PipeShutdownKind kind) =>
        kind is PipeShutdownKind.ProtocolExitClient or PipeShutdownKind.ProtocolExitServer && NoteShutdown(kind, SocketError.Success);

    /// <summary>Bytes waiting at each stage.</summary>
    public Counters GetCounters()
    {
        try
        {
            return new Counters(Socket.Available);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            return new Counters(-1);
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        NoteShutdown(PipeShutdownKind.PipeDisposed, SocketError.Success);
        Socket.Dispose();
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    private protected override ValueTask<int> Receive(Memory<byte> buffer) => Socket.ReceiveAsync(buffer, SocketFlags.None);

    private protected override async ValueTask Send(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty) bytes = bytes[await Socket.SendAsync(bytes, SocketFlags.None).ConfigureAwait(false)..];
    }

    private protected override ValueTask FlushTransport() => default;

    private protected override Exception? ReceivingEnded(Exception? fault)
    {
        NoteShutdown(fault switch
        {
            null => PipeShutdownKind.ReadEndOfStream,
            ObjectDisposedException => PipeShutdownKind.ReadDisposed,
            SocketException => PipeShutdownKind.ReadSocketError,
            IOException => PipeShutdownKind.ReadIOException,
            _ => PipeShutdownKind.ReadException,
        }, ErrorOf(fault));
        return Named(fault);
    }

    private protected override Exception? SendingEnded(Exception? fault)
    {
        NoteShutdown(fault switch
        {
            null => PipeShutdownKind.WriteEndOfStream,
            ObjectDisposedException => PipeShutdownKind.WriteDisposed,
            SocketException => PipeShutdownKind.WriteSocketError,
            IOException => PipeShutdownKind.WriteIOException,
            _ => PipeShutdownKind.WriteException,
        }, ErrorOf(fault));
        return Named(fault);
    }

    /// <summary>A break by the other side gets its own exception; a socket closed on this side is a plain end.</summary>
    private static Exception? Named(Exception? fault) => fault switch
    {
        SocketException { SocketErrorCode: SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown } =>
            new ConnectionResetException(fault.Message, fault),
        SocketException { SocketErrorCode: SocketError.OperationAborted } or ObjectDisposedException => null,
        _ => fault,
    };

    private static SocketError ErrorOf(Exception? fault) => (fault as SocketException)?.SocketErrorCode ?? SocketError.Success;

    private bool NoteShutdown(PipeShutdownKind kind, SocketError error)
    {
        if (Interlocked.CompareExchange(ref _shutdownKind, (int)kind, (int)PipeShutdownKind.None) != (int)PipeShutdownKind.None) return false;
        SocketError = error;
        return true;
    }

    /// <summary>Bytes waiting at each stage of a connection; -1 where it is not known.</summary>
    public readonly struct Counters
    {
        internal Counters(long bytesAvailableOnSocket)
        {
            BytesAvailableOnSocket = bytesAvailableOnSocket;
            BytesWaitingToBeRead = -1;
            BytesWaitingToBeSent = -1;
        }

        /// <summary>Arrived at the socket and not yet received.</summary>
        public long BytesAvailableOnSocket { get; }

        /// <summary>Received and not yet read; not measured here.</summary>
        public long BytesWaitingToBeRead { get; }

        /// <summary>Written and not yet sent; not measured here.</summary>
        public long BytesWaitingToBeSent { get; }
    }
}
