using System.Diagnostics;

namespace ExternalAction.Journal;

/// <summary>
/// The pause before a batch leaves. Callers who have just been answered often have a next command; without a pause those of
/// one batch would arrive just after the next has left, and two half-full batches would take turns for ever, each paying a
/// whole commit. Who is near (the same process) is back within a fraction of a millisecond, and is waited for without
/// letting go of the processor; who is far, beyond a network or a busy machine, shows by how long batches take, and then
/// the processor is better left to others meanwhile.
/// </summary>
/// <param name="count">How many commands are queued now.</param>
internal sealed class Gathering(Func<int> count)
{
    /// <summary>The longest wait for callers who are near; a commit takes several times as long.</summary>
    private static readonly TimeSpan NearMax = TimeSpan.FromMilliseconds(1);

    /// <summary>If nobody near came back for so long, nobody will.</summary>
    private static readonly TimeSpan NearPause = TimeSpan.FromMilliseconds(0.2);

    /// <summary>Batches that take so long have callers who are far.</summary>
    private static readonly TimeSpan Far = TimeSpan.FromMilliseconds(4);

    /// <summary>Longer than that is no taking turns any more: the callers of the last batch have nothing to do with this one.</summary>
    private static readonly TimeSpan Unrelated = TimeSpan.FromMilliseconds(50);

    /// <summary>The longest wait for callers who are far.</summary>
    private static readonly TimeSpan FarMax = TimeSpan.FromMilliseconds(5);

    /// <summary>One look at the queue while waiting for callers who are far, and the least that a timer can wait.</summary>
    private static readonly TimeSpan FarPause = TimeSpan.FromMilliseconds(1);

    private long _left = Stopwatch.GetTimestamp();

    /// <summary>Returns when the callers of the last batch are back, or no more of them come.</summary>
    /// <param name="answered">Commands of the last batch.</param>
    public async Task WaitAsync(int answered)
    {
        var cycle = Stopwatch.GetElapsedTime(_left);
        if (answered >= 2 && cycle < Unrelated)
        {
            await (cycle < Far ? WaitForNearAsync(answered) : WaitForFarAsync(answered));
        }

        _left = Stopwatch.GetTimestamp();
    }

    private async Task WaitForNearAsync(int answered)
    {
        var (seen, began) = (count(), Stopwatch.GetTimestamp());
        var (all, grew) = (seen + answered, began);
        while (seen < all && Stopwatch.GetElapsedTime(began) < NearMax && Stopwatch.GetElapsedTime(grew) < NearPause)
        {
            await Task.Yield();
            if (count() is var now && now > seen)
            {
                (seen, grew) = (now, Stopwatch.GetTimestamp());
            }
        }
    }

    private async Task WaitForFarAsync(int answered)
    {
        var (seen, began) = (count(), Stopwatch.GetTimestamp());
        var all = seen + answered;
        while (seen < all && Stopwatch.GetElapsedTime(began) < FarMax)
        {
            await Task.Delay(FarPause);
            var now = count();
            if (now == seen)
            {
                return;
            }

            seen = now;
        }
    }
}
