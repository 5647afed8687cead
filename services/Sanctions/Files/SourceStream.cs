using System.Buffers.Binary;
using System.IO.Compression;

namespace ExternalAction.Sanctions.Files;

/// <summary>
/// The bytes of a list file on their way to a parser: decompressed if they are gzip, counted, and cut off with a clear error
/// where they exceed a limit, so that neither a huge file nor a small one that expands for ever fills the memory.
/// </summary>
internal sealed class SourceStream : Stream
{
    // The decompressor calls all of it an unsupported method of compression.
    private const string NotSound = "The file is not sound gzip: its data are damaged, or do not agree with their check sum (CRC).";

    private readonly Stream _inner;
    private readonly long _limit;
    private readonly string _what;
    private readonly byte[] _peeked;
    private readonly byte[] _tail = new byte[4];
    private int _peekedAt;

    private SourceStream(Stream inner, long limit, string what)
    {
        (_inner, _limit, _what) = (inner, limit, what);
        var buffer = new byte[4];
        var read = inner.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        _peeked = buffer[..read];
    }

    /// <summary>Bytes handed out so far.</summary>
    public long Count { get; private set; }

    /// <summary>Whether what was handed out so far ends with a line break.</summary>
    public bool EndsLine => Count > 0 && _tail[^1] is (byte)'\n' or (byte)'\r';

    /// <summary>The first bytes (up to four), without consuming them.</summary>
    public ReadOnlySpan<byte> Start => _peeked;

    /// <summary>Opens a file: the received bytes (for progress) and the text to parse, which are the same unless it is compressed.</summary>
    public static (SourceStream Received, SourceStream Text) Open(Stream file, ReadOptions options)
    {
        var received = new SourceStream(file, options.MaxBytes, "received");
        if (received.Start is not [0x1F, 0x8B, ..])
        {
            return (received, received);
        }

        try
        {
            var text = new SourceStream(new GZipStream(received, CompressionMode.Decompress), options.MaxExpandedBytes, "decompressed");
            return text.Start.Length > 0 ? (received, text) : throw new ListFileException(ListFileFault.Broken, "The file is gzip with nothing in it, or ends too early.");
        }
        catch (InvalidDataException fault)
        {
            throw new ListFileException(ListFileFault.Broken, NotSound, inner: fault);
        }
    }

    /// <summary>
    /// Checks, once the text is read to its end, that the gzip around it was whole: its last four bytes say how long the text
    /// is. The decompressor itself does not miss them.
    /// </summary>
    public static void CheckEnd(SourceStream received, SourceStream text)
    {
        if (received != text && BinaryPrimitives.ReadUInt32LittleEndian(received._tail) != unchecked((uint)text.Count))
        {
            throw new ListFileException(ListFileFault.Broken, "The compressed file ends too early, or is several gzip files joined; pack it as one.");
        }
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => Count;
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        int read;
        if (_peekedAt < _peeked.Length)
        {
            read = Math.Min(buffer.Length, _peeked.Length - _peekedAt);
            _peeked.AsSpan(_peekedAt, read).CopyTo(buffer);
            _peekedAt += read;
        }
        else
        {
            read = ReadInner(buffer);
        }

        Count += read;
        Remember(buffer[..read]);
        return Count <= _limit ? read : throw new ListFileException(ListFileFault.TooLarge, $"The file exceeds {_limit:N0} bytes {_what}.");
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private void Remember(ReadOnlySpan<byte> read)
    {
        var last = read[^Math.Min(read.Length, _tail.Length)..];
        _tail.AsSpan(last.Length).CopyTo(_tail);
        last.CopyTo(_tail.AsSpan(_tail.Length - last.Length));
    }

    private int ReadInner(Span<byte> buffer)
    {
        try
        {
            return _inner.Read(buffer);
        }
        catch (InvalidDataException fault)
        {
            throw new ListFileException(ListFileFault.Broken, NotSound, inner: fault);
        }
    }
}
