using System.Buffers;
using System.IO.Pipelines;

namespace ExternalAction.Gateway.Rest;

/// <summary>One line of a body.</summary>
/// <param name="Number">Its number, the first being 1; blank lines count.</param>
/// <param name="Bytes">The line without its end, valid until the next one is asked for; empty when it is too long.</param>
/// <param name="IsTooLong">True: it is longer than the limit and has been passed over.</param>
internal readonly record struct Line(long Number, ReadOnlySequence<byte> Bytes, bool IsTooLong);

/// <summary>
/// The lines of a body, one at a time, where they lie in the server's buffers. What has not been asked for is not read, so the
/// client waits while nobody asks; and no more than one line of the longest length is ever held.
/// </summary>
/// <param name="body">The body.</param>
/// <param name="limit">Longest line in bytes.</param>
internal sealed class LineReader(PipeReader body, long limit)
{
    private ReadOnlySequence<byte> _rest;
    private long _searched;
    private long _number;
    private bool _holds;
    private bool _isAtEnd;
    private bool _isTooLong;

    /// <summary>The next line that is not blank; null at the body's end.</summary>
    /// <exception cref="IOException">The body breaks off.</exception>
    public async ValueTask<Line?> ReadAsync(Action arrived, CancellationToken cancellation)
    {
        while (true)
        {
            // 1. From what is here.
            while (TryTake(out var line))
            {
                if (line.IsTooLong || !IsBlank(line.Bytes))
                {
                    return line;
                }
            }

            if (_isAtEnd)
            {
                return null;
            }

            // 2. More.
            Release();
            var read = await body.ReadAsync(cancellation);
            (_rest, _isAtEnd, _holds) = (read.Buffer, read.IsCompleted, true);
            arrived();
        }
    }

    /// <summary>True when the next line that is not blank lies here whole, so that reading it waits for nobody.</summary>
    public bool HasNext
    {
        get
        {
            for (var rest = _rest; _holds && rest.PositionOf((byte)'\n') is { } end; rest = rest.Slice(rest.GetPosition(1, end)))
            {
                if (!IsBlank(rest.Slice(0, end)))
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>Gives the buffers back. What has begun of a line stays for the next reading.</summary>
    public void Release()
    {
        if (_holds)
        {
            _holds = false;
            body.AdvanceTo(_rest.Start, _rest.End);
        }
    }

    private bool TryTake(out Line line)
    {
        line = default;
        if (_rest.Slice(_searched).PositionOf((byte)'\n') is { } end)
        {
            line = Take(_rest.Slice(0, end));
            _rest = _rest.Slice(_rest.GetPosition(1, end));
            return true;
        }

        if (_isAtEnd && (_isTooLong || !_rest.IsEmpty))
        {
            line = Take(_rest);
            _rest = _rest.Slice(_rest.End);
            return true;
        }

        if (_rest.Length > limit)
        {
            _isTooLong = true;
            _rest = _rest.Slice(_rest.End); // passed over, up to the line's end
        }

        _searched = _rest.Length;
        return false;
    }

    private Line Take(ReadOnlySequence<byte> bytes)
    {
        // A byte order mark begins no line.
        bytes = _number == 0 && !_isTooLong && bytes.Length >= 3 && bytes.Slice(0, 3).ToArray().AsSpan().SequenceEqual("\uFEFF"u8) ? bytes.Slice(3) : bytes;
        var isTooLong = _isTooLong || bytes.Length > limit;
        (_isTooLong, _searched) = (false, 0);
        return new Line(++_number, isTooLong ? default : bytes, isTooLong);
    }

    private static bool IsBlank(ReadOnlySequence<byte> line)
    {
        foreach (var part in line)
        {
            if (part.Span.ContainsAnyExcept(" \t\r"u8))
            {
                return false;
            }
        }

        return true;
    }
}
