// Walks the handlers of an event one by one without an array of them.
using System.Collections;

namespace Pipelines.Sockets.Unofficial;

/// <summary>Looks into multicast delegates.</summary>
public static class Delegates
{
    /// <summary>Whether the delegate calls exactly one method.</summary>
    public static bool IsSingle(MulticastDelegate handler) => handler.HasSingleTarget;

    /// <summary>The single delegates of a multicast one, in order; none for null.</summary>
    public static DelegateEnumerable<T> AsEnumerable<T>(this T handler) where T : MulticastDelegate => new(handler);

    /// <summary>The single delegates of a multicast one.</summary>
    public readonly struct DelegateEnumerable<T> : IEnumerable<T> where T : MulticastDelegate
    {
        private readonly T _handler;

        internal DelegateEnumerable(T handler) => _handler = handler;

        /// <summary>Starts the walk.</summary>
        public DelegateEnumerator<T> GetEnumerator() => new(_handler);

        IEnumerator<T> IEnumerable<T>.GetEnumerator() => GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    /// <summary>A walk over single delegates.</summary>
    public struct DelegateEnumerator<T> : IEnumerator<T> where T : MulticastDelegate
    {
        private readonly T _handler;
        private Delegate.InvocationListEnumerator<T> _walk;

        internal DelegateEnumerator(T handler)
        {
            _handler = handler;
            _walk = Delegate.EnumerateInvocationList(handler);
        }

        /// <summary>The delegate at hand.</summary>
        public T Current => _walk.Current;

        object IEnumerator.Current => Current;

        /// <summary>Steps to the next one.</summary>
        public bool MoveNext() => _walk.MoveNext();

        /// <summary>Starts again.</summary>
        public void Reset() => _walk = Delegate.EnumerateInvocationList(_handler);

        /// <summary>Nothing to free.</summary>
        public void Dispose() { }
    }
}
