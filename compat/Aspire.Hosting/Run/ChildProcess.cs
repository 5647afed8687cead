// One started process: how it is launched so that it cannot outlive the AppHost, its output line by line, and how it is
// asked to end (a signal first, SIGKILL to its whole group when it does not listen).

using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Aspire.Hosting.Run;

/// <summary>What to start. <see cref="User"/> is the account to run under (null: the AppHost's own).</summary>
internal sealed record ProcessPlan(string Program, IReadOnlyList<string> Arguments, string WorkingDirectory, IReadOnlyDictionary<string, string> Environment)
{
    public string? User { get; init; }

    /// <summary>The signal that asks the process to end in good order.</summary>
    public int StopSignal { get; init; } = Signal.Term;
}

internal static class Signal
{
    public const int Int = 2;
    public const int Kill = 9;
    public const int Term = 15;

    /// <summary>Sends a signal to a process, or with a negative id to a whole group; false if there is none.</summary>
    public static bool Send(int pid, int signal) => OperatingSystem.IsWindows() ? KillOnWindows(pid) : kill(pid, signal) == 0;

    private static bool KillOnWindows(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(Math.Abs(pid));
            process.Kill(entireProcessTree: true);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int kill(int pid, int signal);
}

internal sealed class ChildProcess
{
    private readonly Process _process;
    private readonly ProcessPlan _plan;
    private readonly Task _output;

    private ChildProcess(Process process, ProcessPlan plan, Action<string, bool> line)
    {
        (_process, _plan) = (process, plan);
        Id = process.Id;
        // Nobody types into a resource: end of file, as from /dev/null.
        process.StandardInput.Close();
        _output = Task.WhenAll(PumpAsync(process.StandardOutput, t => line(t, false)), PumpAsync(process.StandardError, t => line(t, true)));
        Exited = WaitAsync();
    }

    public int Id { get; }

    /// <summary>Completes with the exit code (128 + n after signal n) once the process is gone and its output read.</summary>
    public Task<int> Exited { get; }

    /// <exception cref="DistributedApplicationException">The program could not be started.</exception>
    public static async Task<ChildProcess> StartAsync(ProcessPlan plan, Action<string, bool> line)
    {
        var start = new ProcessStartInfo { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = plan.WorkingDirectory };
        foreach (var word in CommandLine(plan))
            start.ArgumentList.Add(word);
        start.FileName = start.ArgumentList[0];
        start.ArgumentList.RemoveAt(0);
        start.Environment.Clear();
        foreach (var (name, value) in plan.Environment)
            start.Environment[name] = value;
        try
        {
            var process = await Launcher.RunAsync(() => Process.Start(start)!);
            return new ChildProcess(process, plan, line);
        }
        catch (Win32Exception e)
        {
            throw new DistributedApplicationException($"{plan.Program} cannot be started: {e.Message}.", e);
        }
    }

    /// <summary>Asks the process to end, and after <paramref name="grace"/> ends it and everything it started.</summary>
    public async Task<int> StopAsync(TimeSpan grace, TimeProvider time)
    {
        if (!Exited.IsCompleted && !_process.HasExited)
            Signal.Send(Id, _plan.StopSignal);
        try
        {
            return await Exited.WaitAsync(grace, time);
        }
        catch (TimeoutException)
        {
            KillNow();
            return await Exited;
        }
    }

    /// <summary>Ends the process, what it started and its group, without asking.</summary>
    private void KillNow()
    {
        if (_process.HasExited)
            return;
        try
        {
            // The tree first: once the parent is gone, its children can no longer be told from others'.
            _process.Kill(entireProcessTree: true);
        }
        catch (AggregateException)
        {
            // One of them went by itself in between.
        }
        if (CanGuard)
            Signal.Send(-Id, Signal.Kill);
    }

    /// <summary>
    /// setsid: Ctrl+C in the terminal reaches the AppHost only, which then stops everything in order.
    /// setpriv --pdeathsig: the kernel asks the process to end when the AppHost is gone, however it went.
    /// Both replace themselves by the program, so the process id is the program's.
    /// </summary>
    private static List<string> CommandLine(ProcessPlan plan)
    {
        var words = new List<string>();
        if (CanGuard)
        {
            words.AddRange(["setsid", "--", "setpriv"]);
            if (plan.User is { } user)
                words.AddRange(["--reuid", user, "--regid", user, "--clear-groups"]);
            words.AddRange(["--pdeathsig", plan.StopSignal == Signal.Int ? "INT" : "TERM", "--"]);
        }
        words.Add(plan.Program);
        words.AddRange(plan.Arguments);
        return words;
    }

    /// <summary>Without these (not Linux) a child outlives an AppHost that is killed.</summary>
    private static bool CanGuard { get; } = Programs.Find("setpriv") is not null && Programs.Find("setsid") is not null;

    private async Task<int> WaitAsync()
    {
        await _process.WaitForExitAsync();
        // What the process started may hold its pipes open; its own lines are in them by now.
        await Task.WhenAny(_output, Task.Delay(TimeSpan.FromSeconds(1)));
        return _process.ExitCode;
    }

    private static async Task PumpAsync(StreamReader reader, Action<string> line)
    {
        while (await reader.ReadLineAsync() is { } text)
            line(text);
    }

    /// <summary>
    /// The kernel sends the death signal when the *thread* that started the child ends. Pool threads end at random,
    /// so one thread that lives as long as the AppHost starts every child.
    /// </summary>
    private static class Launcher
    {
        private static readonly BlockingCollection<Action> Work = Begin();

        public static Task<T> RunAsync<T>(Func<T> work)
        {
            var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
            Work.Add(() =>
            {
                try
                {
                    done.SetResult(work());
                }
                catch (Exception e)
                {
                    done.SetException(e);
                }
            });
            return done.Task;
        }

        private static BlockingCollection<Action> Begin()
        {
            var work = new BlockingCollection<Action>();
            new Thread(() =>
            {
                foreach (var item in work.GetConsumingEnumerable())
                    item();
            })
            { IsBackground = true, Name = "Launcher" }.Start();
            return work;
        }
    }
}

/// <summary>Finds programs as a shell would.</summary>
internal static class Programs
{
    /// <summary>The full path of a program: a path as it is, a name on the PATH or in the folders given.</summary>
    public static string? Find(string program, params IEnumerable<string> alsoIn)
    {
        if (program.Contains('/', StringComparison.Ordinal))
            return File.Exists(program) ? Path.GetFullPath(program) : null;
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Concat(alsoIn);
        return folders.Select(f => Path.Combine(f, program)).FirstOrDefault(File.Exists);
    }
}
