// A part of an arena's array, with and without its element type, and ways through it. In this implementation a sequence
// is always one segment.
namespace Pipelines.Sockets.Unofficial.Arenas;

/// <summary>A sequence whose element type is not stated, so that an element may contain it.</summary>
public readonly struct Sequence
{
    private readonly Array? _array;
    private readonly int _offset;
    private readonly int _length;

    internal Sequence(Array? array, int offset, int length)
    {
        _array = array;
        _offset = offset;
        _length = length;
    }

    /// <summary>The number of elements.</summary>
    public long Length => _length;

    /// <summary>The same with its element type.</summary>
    /// <exception cref="InvalidCastException">The elements are of another type.</exception>
    public Sequence<T> Cast<T>() => new((T[]?)_array, _offset, _length);
}

/// <summary>A sequence of elements that can be changed in place.</summary>
public readonly struct Sequence<T>
{
    private readonly T[]? _array;
    private readonly int _offset;
    private readonly int _length;

    internal Sequence(T[]? array, int offset, int length)
    {
        _array = array;
        _offset = offset;
        _length = length;
    }

    /// <summary>The number of elements.</summary>
    public long Length => _length;

    /// <summary>Whether there are no elements.</summary>
    public bool IsEmpty => _length == 0;

    /// <summary>Whether <see cref="FirstSpan"/> is all; always so here.</summary>
    public bool IsSingleSegment => true;

    /// <summary>The elements.</summary>
    public Span<T> FirstSpan => new(_array, _offset, _length);

    /// <summary>The segments; one here.</summary>
    public SpanEnumerable Spans => new(this);

    /// <summary>The element at an index.</summary>
    /// <exception cref="IndexOutOfRangeException">There is no such element.</exception>
    public ref T this[int index] => ref FirstSpan[index];

    /// <summary>The same without its element type.</summary>
    public Sequence Untyped() => new(_array, _offset, _length);

    /// <summary>Starts a walk over the elements.</summary>
    public Enumerator GetEnumerator() => new(this);

    /// <summary>A walk over elements.</summary>
    public struct Enumerator
    {
        private readonly Sequence<T> _sequence;
        private int _index;

        internal Enumerator(Sequence<T> sequence)
        {
            _sequence = sequence;
            _index = -1;
        }

        /// <summary>The element at hand.</summary>
        public readonly ref T Current => ref _sequence[_index];

        /// <summary>Steps to the next element.</summary>
        public bool MoveNext() => _index < _sequence._length && ++_index < _sequence._length;

        /// <summary>Steps to the next element and returns it.</summary>
        /// <exception cref="IndexOutOfRangeException">There is none.</exception>
        public ref T GetNext() => ref _sequence[++_index];
    }

    /// <summary>The segments of a sequence.</summary>
    public readonly struct SpanEnumerable
    {
        private readonly Sequence<T> _sequence;

        internal SpanEnumerable(Sequence<T> sequence) => _sequence = sequence;

        /// <summary>Starts the walk.</summary>
        public SpanEnumerator GetEnumerator() => new(_sequence);
    }

    /// <summary>A walk over segments.</summary>
    public struct SpanEnumerator
    {
        private readonly Sequence<T> _sequence;
        private bool _started;

        internal SpanEnumerator(Sequence<T> sequence)
        {
            _sequence = sequence;
            _started = false;
        }

        /// <summary>The segment at hand.</summary>
        public readonly Span<T> Current => _sequence.FirstSpan;

        /// <summary>Steps to the next segment.</summary>
        public bool MoveNext() => !_started && (_started = !_sequence.IsEmpty);
    }
}

/// <summary>Makes one value of an element.</summary>
public delegate TResult Projection<TSource, TResult>(in TSource source);

/// <summary>Makes one value of an element and a state.</summary>
public delegate TResult Projection<TSource, TState, TResult>(in TSource source, in TState state);

/// <summary>Copies sequences.</summary>
public static class SequenceExtensions
{
    /// <summary>Projects every element into a span at least as long.</summary>
    public static void CopyTo<TSource, TResult>(this in Sequence<TSource> source, Span<TResult> destination, Projection<TSource, TResult> projection)
    {
        var target = 0;
        foreach (ref var element in source.FirstSpan) destination[target++] = projection(in element);
    }

    /// <summary>Projects every element into a new array.</summary>
    public static TResult[] ToArray<TSource, TResult>(this in Sequence<TSource> source, Projection<TSource, TResult> projection)
    {
        if (source.IsEmpty) return [];
        var results = new TResult[source.Length];
        source.CopyTo(results, projection);
        return results;
    }

    /// <summary>Projects every element with a state into a new array.</summary>
    public static TResult[] ToArray<TSource, TState, TResult>(this in Sequence<TSource> source, Projection<TSource, TState, TResult> projection, in TState state)
    {
        if (source.IsEmpty) return [];
        var results = new TResult[source.Length];
        var target = 0;
        foreach (ref var element in source.FirstSpan) results[target++] = projection(in element, in state);
        return results;
    }
}
