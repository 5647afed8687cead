// Hands out parts of one array and takes them all back at once. A Redis client parses each reply into such parts, uses
// them and resets, so that replies cost no garbage. A part that does not fit starts a new array; the old one lives on
// for as long as somebody holds a part of it.
namespace Pipelines.Sockets.Unofficial.Arenas;

/// <summary>How an arena treats its memory; accepted for the API's sake, this implementation always clears.</summary>
[Flags]
public enum ArenaFlags
{
    /// <summary>Nothing special.</summary>
    None = 0,
    /// <summary>Clear at each reset.</summary>
    ClearAtReset = 1,
    /// <summary>Clear at the end.</summary>
    ClearAtDispose = 2,
    /// <summary>Prefer memory outside the managed heap.</summary>
    PreferUnmanaged = 4,
    /// <summary>Prefer memory the garbage collector does not move.</summary>
    PreferPinned = 8,
    /// <summary>Share blocks between types of the same size.</summary>
    BlittableNonPaddedSharing = 16,
    /// <summary>Share blocks between types whatever their size.</summary>
    BlittablePaddedSharing = 32,
}

/// <summary>The options of an arena.</summary>
public sealed class ArenaOptions(ArenaFlags flags = ArenaFlags.BlittableNonPaddedSharing, int blockSizeBytes = 0, Func<long, long, long>? retentionPolicy = null)
{
    /// <summary>How memory is treated.</summary>
    public ArenaFlags Flags { get; } = flags;

    /// <summary>The size of a block in bytes; 0 for the default.</summary>
    public int BlockSizeBytes { get; } = blockSizeBytes;

    /// <summary>How much to keep after a reset; null for the default.</summary>
    public Func<long, long, long>? RetentionPolicy { get; } = retentionPolicy;
}

/// <summary>A source of memory other than the managed heap; not used by this implementation.</summary>
public abstract class Allocator<T>
{
}

/// <summary>Hands out sequences and takes them all back at once. Not safe for concurrent use.</summary>
public sealed class Arena<T>(ArenaOptions? options = null, Allocator<T>? allocator = null) : IDisposable
{
    private const int BlockLength = 512;

    private T[] _block = [];
    private int _used;

    /// <summary>The options and the allocator are accepted for the API's sake.</summary>
    public ArenaOptions? Options { get; } = options;

    /// <summary>See <see cref="Options"/>.</summary>
    public Allocator<T>? Allocator { get; } = allocator;

    /// <summary>A sequence of cleared elements, valid until <see cref="Reset"/>.</summary>
    public Sequence<T> Allocate(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (length == 0) return default;
        if (length > _block.Length - _used)
        {
            _block = new T[Math.Max(length, BlockLength)];
            _used = 0;
        }
        var sequence = new Sequence<T>(_block, _used, length);
        _used += length;
        return sequence;
    }

    /// <summary>Takes everything back; a block of unusual size goes to the garbage collector.</summary>
    public void Reset()
    {
        if (_block.Length > BlockLength) _block = [];
        else Array.Clear(_block, 0, _used);
        _used = 0;
    }

    /// <summary>Gives the memory up.</summary>
    public void Dispose()
    {
        _block = [];
        _used = 0;
    }
}
