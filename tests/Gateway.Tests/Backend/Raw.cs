using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace ExternalAction.Gateway.Tests.Backend;

/// <summary>HTTP/1.1 by hand, for what no client library would do.</summary>
public sealed class Raw : IDisposable
{
    private readonly TcpClient _socket;
    private readonly NetworkStream _stream;

    private Raw(TcpClient socket)
    {
        _socket = socket;
        _stream = socket.GetStream();
        Reader = new StreamReader(_stream, Encoding.UTF8, leaveOpen: true);
    }

    public StreamReader Reader { get; }

    /// <summary>Sends a POST without its body.</summary>
    public static async Task<Raw> PostAsync(Suite suite, string path, string contentType, string length)
    {
        var raw = new Raw(new TcpClient("127.0.0.1", suite.HttpPort));
        await raw.WriteAsync($"POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {await suite.TokenAsync()}\r\nContent-Type: {contentType}\r\n{length}\r\n\r\n");
        return raw;
    }

    public async Task WriteAsync(string text) => await _stream.WriteAsync(Encoding.UTF8.GetBytes(text));

    public Task WriteChunkAsync(string text) => WriteAsync(string.Create(CultureInfo.InvariantCulture, $"{Encoding.UTF8.GetByteCount(text):x}\r\n{text}\r\n"));

    /// <summary>Reads up to and with the line that begins so.</summary>
    public async Task<string> ReadUntilAsync(string start)
    {
        while (await Reader.ReadLineAsync() is { } line)
        {
            if (line.StartsWith(start, StringComparison.Ordinal))
            {
                return line;
            }
        }

        throw new EndOfStreamException($"The reply ended before {start}.");
    }

    /// <summary>Leaves at once, as a client whose process has ended.</summary>
    public void Dispose()
    {
        _socket.Client.LingerState = new LingerOption(true, 0);
        Reader.Dispose();
        _stream.Dispose();
        _socket.Dispose();
    }
}
