namespace ExternalAction.Gateway.Tests.Backend;

/// <summary>Waits for what happens by itself.</summary>
public static class Eventually
{
    /// <summary>Until the condition holds; fails after half a minute.</summary>
    public static async Task Async(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!condition())
        {
            await Task.Delay(20, limit.Token);
        }
    }

    /// <summary>Until a count no longer rises, as one does behind a reader who has stopped reading.</summary>
    public static async Task<int> StandsStillAsync(Func<int> count)
    {
        var (last, still) = (-1, 0);
        while (still < 5)
        {
            await Task.Delay(100);
            (last, still) = count() is var now && now == last && now > 0 ? (last, still + 1) : (now, 0);
        }

        return last;
    }
}
