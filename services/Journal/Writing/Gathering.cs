using System.Diagnostics;

namespace ExternalAction.Journal;

/// <summary>
/// The pause before a batch leaves. Callers who have just been answered often have a next command; without a pause those of
/// one batch would arrive just after the next has left, and two half-full batches would take turns for ever, each paying a
/// whole commit. Who is near (the same process) is back within a fraction of a millisecond, and is waited for without
/// letting go of the processor. Who is far, beyond a network or a gateway, is not: what his next request needs on its way is
/// done while the batch before it commits, and standing still for him would cost more than the second commit.
/// Who is near and who is far shows when it is tried; far ones are tried again now and then.
/// </summary>
internal sealed class Gathering
{
    /// <summary>The longest wait; a commit takes several times as long.</summary>
    private static readonly TimeSpan NearMax = TimeSpan.FromMilliseconds(1);

    /// <summary>If nobody came back for so long, nobody will.</summary>
    private static readonly TimeSpan NearPause = TimeSpan.FromMilliseconds(0.2);

    /// <summary>So many batches leave at once after a wait that was in vain.</summary>
    private const int BatchesWithoutWait = 16;

    private int _queuedBefore;
    private int _answered;
    private long _since;
    private int _withoutWait;

    /// <summary>So many commands are about to be answered; so many are queued already, from others.</summary>
    public void Answering(int commands, int queued)
        => (_queuedBefore, _answered, _since) = (queued, commands, Stopwatch.GetTimestamp());

    /// <summary>Returns when those who were answered last are back, or will not be soon.</summary>
    /// <param name="count">How many commands are queued now.</param>
    public async Task WaitAsync(Func<int> count)
    {
        if (_answered >= 2 && --_withoutWait < 0)
        {
            _withoutWait = await AreNearAsync(count) ? 0 : BatchesWithoutWait;
        }

        _answered = 0;
    }

    /// <summary>Waits; false if most did not come back meanwhile.</summary>
    private async Task<bool> AreNearAsync(Func<int> count)
    {
        var (back, grew) = (count() - _queuedBefore, Stopwatch.GetTimestamp());
        while (back < _answered && Stopwatch.GetElapsedTime(_since) < NearMax && Stopwatch.GetElapsedTime(grew) < NearPause)
        {
            await Task.Yield();
            if (count() - _queuedBefore is var now && now > back)
            {
                (back, grew) = (now, Stopwatch.GetTimestamp());
            }
        }

        return back >= _answered / 2;
    }
}
