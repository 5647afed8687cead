using System.Collections.Concurrent;
using System.Diagnostics;

namespace ExternalAction.Testing;

/// <summary>
/// Starts processes that shall end with the tests. The kernel's death signal (<c>setpriv --pdeathsig</c>) goes off when the
/// *thread* that started the process ends; threads of the pool come and go, this one stays.
/// </summary>
public static class LauncherThread
{
    private static readonly BlockingCollection<Action> _work = [];

    static LauncherThread() => new Thread(() =>
    {
        foreach (var work in _work.GetConsumingEnumerable())
        {
            work();
        }
    })
    { IsBackground = true, Name = "launcher" }.Start();

    /// <summary>Starts a process that lives no longer than this one, if it is started through <c>setpriv --pdeathsig KILL</c>.</summary>
    public static Task<Process> StartAsync(ProcessStartInfo start)
    {
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() =>
        {
            try
            {
                started.SetResult(Process.Start(start)!);
            }
            catch (Exception failure)
            {
                started.SetException(failure);
            }
        });
        return started.Task;
    }
}
