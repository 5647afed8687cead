// A stream as pipes; how TLS connections are carried, over an SslStream.
using System.IO.Pipelines;

namespace Pipelines.Sockets.Unofficial;

/// <summary>Makes pipes of streams.</summary>
public static class StreamConnection
{
    /// <summary>A pair of pipes over a stream that can be read and written at the same time.</summary>
    public static IDuplexPipe GetDuplex(Stream stream, PipeOptions? sendPipeOptions, PipeOptions? receivePipeOptions, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return new Connection(stream, sendPipeOptions, receivePipeOptions, name);
    }

    /// <summary>A pipe reader over a stream, which closes with it.</summary>
    public static PipeReader GetReader(Stream stream, PipeOptions? pipeOptions = null, string? name = null) => PipeReader.Create(stream);

    private sealed class Connection : DuplexPump
    {
        private readonly Stream _stream;
        private readonly string _name;

        public Connection(Stream stream, PipeOptions? sendPipeOptions, PipeOptions? receivePipeOptions, string? name)
            : base(sendPipeOptions, receivePipeOptions)
        {
            _stream = stream;
            _name = name ?? nameof(StreamConnection);
            Start();
        }

        public override void Dispose() => _stream.Dispose();

        public override string ToString() => _name;

        private protected override ValueTask<int> Receive(Memory<byte> buffer) => _stream.ReadAsync(buffer);

        private protected override ValueTask Send(ReadOnlyMemory<byte> bytes) => _stream.WriteAsync(bytes);

        private protected override async ValueTask FlushTransport() => await _stream.FlushAsync().ConfigureAwait(false);
    }
}
