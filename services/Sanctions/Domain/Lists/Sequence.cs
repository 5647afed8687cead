using System.Collections;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;

namespace ExternalAction.Sanctions.Domain.Lists;

/// <summary>
/// An immutable array that equals another one with equal items in the same order. The records of a list entry hold their
/// parts in it, so that two entries are equal when what they say is equal. The default value is the empty sequence.
/// Written as a collection expression: <c>Remarks = ["low quality"]</c>.
/// </summary>
[CollectionBuilder(typeof(Sequence), nameof(Sequence.Of))]
[JsonConverter(typeof(SequenceJson))]
public readonly struct Sequence<T> : IReadOnlyList<T>, IEquatable<Sequence<T>>
{
    private readonly ImmutableArray<T> _items;

    /// <summary>A sequence over an array, which is not copied.</summary>
    public Sequence(ImmutableArray<T> items) => _items = items;

    /// <summary>The items; never the uninitialised array.</summary>
    public ImmutableArray<T> Items => _items.IsDefault ? [] : _items;

    /// <inheritdoc/>
    public int Count => _items.IsDefault ? 0 : _items.Length;

    /// <summary>Whether there is nothing in it.</summary>
    public bool IsEmpty => Count == 0;

    /// <inheritdoc/>
    public T this[int index] => Items[index];

    /// <summary>Enumerates without allocating.</summary>
    public ImmutableArray<T>.Enumerator GetEnumerator() => Items.GetEnumerator();

    IEnumerator<T> IEnumerable<T>.GetEnumerator() => ((IEnumerable<T>)Items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => ((IEnumerable<T>)Items).GetEnumerator();

    /// <inheritdoc/>
    public bool Equals(Sequence<T> other) => Items.AsSpan().SequenceEqual(other.Items.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Sequence<T> other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var item in Items)
        {
            hash.Add(item);
        }

        return hash.ToHashCode();
    }

    /// <summary>The items between brackets, as a record prints them.</summary>
    public override string ToString() => $"[{string.Join(", ", Items)}]";

    /// <summary>Whether both hold equal items in the same order.</summary>
    public static bool operator ==(Sequence<T> left, Sequence<T> right) => left.Equals(right);

    /// <summary>Whether they differ.</summary>
    public static bool operator !=(Sequence<T> left, Sequence<T> right) => !left.Equals(right);
}

/// <summary>Makes sequences.</summary>
public static class Sequence
{
    /// <summary>A sequence of the items given.</summary>
    public static Sequence<T> Of<T>(ReadOnlySpan<T> items) => new([.. items]);

    /// <summary>A sequence of what an enumeration yields.</summary>
    public static Sequence<T> ToSequence<T>(this IEnumerable<T> items) => new([.. items]);
}
