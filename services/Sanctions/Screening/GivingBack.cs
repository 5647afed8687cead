using System.Runtime.InteropServices;
using ExternalAction.Sanctions.Queries;

namespace ExternalAction.Sanctions.Screening;

/// <summary>
/// The start, an import, a large batch, a re-screening or a look into the past leaves several times behind what the service needs day by day, and the collector keeps it
/// until memory runs short. It is given back to the system by one compacting collection, which takes some tenths of a second: therefore only
/// once work has stopped, and once for all that was left. The C library keeps what was freed, too (the compiler of the runtime works there);
/// glibc returns it when told to, then and twice a minute while the service rests; other libraries are not asked.
/// </summary>
internal sealed class GivingBack(PastStates pastStates, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    private static readonly MallocTrim? _mallocTrim =
        NativeLibrary.TryLoad("libc.so.6", out var library) && NativeLibrary.TryGetExport(library, "malloc_trim", out var export) ? Marshal.GetDelegateForFunctionPointer<MallocTrim>(export) : null;

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int MallocTrim(nuint keep);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var looks = new PeriodicTimer(BetweenLooks, clock);
        var leftovers = new Leftovers();
        while (await looks.WaitForNextTickAsync(stoppingToken))
        {
            if (pastStates.Forget())
            {
                leftovers.Add(Leftovers.Much);
            }
            var due = leftovers.Look(GC.GetTotalAllocatedBytes());
            if (due == Due.Everything)
            {
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            }
            if (due != Due.Nothing)
            {
                _mallocTrim?.Invoke(0);
            }
        }
    }
}

/// <summary>What is given back after a look.</summary>
internal enum Due
{
    /// <summary>Work goes on, or nothing was left.</summary>
    Nothing,

    /// <summary>What the C library keeps: it costs next to nothing.</summary>
    Freed,

    /// <summary>That and what the collector keeps.</summary>
    Everything,
}

/// <summary>Says from look to look, by what was allocated between them, what is to be given back: everything when much was left and work has
/// stopped, and what the C library keeps from time to time while it rests, for the compiler goes on a minute longer than the work did.</summary>
internal sealed class Leftovers
{
    /// <summary>Less is left to the collector.</summary>
    internal const long Much = 32 << 20;

    /// <summary>What a service without work allocates between two looks is less.</summary>
    internal const long Little = 1 << 20;

    /// <summary>Looks without work from one return of what was freed to the next.</summary>
    internal const int Rest = 30;

    private const int LooksWithoutWork = 2;

    private long _seen;
    private long _left;
    private int _quiet;

    /// <summary>So much was left now that was in use until now.</summary>
    internal void Add(long bytes) => _left += bytes;

    /// <summary>What should be given back now; it counts as given back then.</summary>
    /// <param name="allocated">Bytes allocated since the process began.</param>
    internal Due Look(long allocated)
    {
        var since = allocated - _seen;
        _seen = allocated;
        if (since > Little)
        {
            _left += since;
            _quiet = 0;
            return Due.Nothing;
        }
        _quiet++;
        if (_left >= Much && _quiet >= LooksWithoutWork)
        {
            _left = 0;
            return Due.Everything;
        }
        return _quiet % Rest == 0 ? Due.Freed : Due.Nothing;
    }
}
