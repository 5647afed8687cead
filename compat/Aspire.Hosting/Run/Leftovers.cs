// A list of the processes an AppHost has started, kept in the data folder. If the AppHost is killed, the kernel asks its
// children to end, but a database takes a moment and a stuck one stays. The next AppHost on the same data folder therefore
// waits for what is still there, or ends it, before it starts anything. (Linux only, as it reads /proc.)

using System.Globalization;

namespace Aspire.Hosting.Run;

internal sealed class Leftovers(RunFolders folders, TimeProvider time)
{
    private readonly string _folder = Directory.CreateDirectory(Path.Combine(folders.State, "processes")).FullName;

    public void Add(string name, int pid, int stopSignal)
    {
        if (StartOf(pid) is { } started)
            File.WriteAllText(FileOf(name), string.Create(CultureInfo.InvariantCulture, $"{pid} {started} {stopSignal}"));
    }

    public void Remove(string name) => File.Delete(FileOf(name));

    /// <summary>Asks every process on the list to end, waits ten seconds, then ends it.</summary>
    public async Task EndAllAsync(Action<string> say, CancellationToken cancellationToken)
    {
        foreach (var file in Directory.GetFiles(_folder))
        {
            var words = (await File.ReadAllTextAsync(file, cancellationToken)).Split(' ');
            // The start time tells the process from a later one with the same id.
            if (words.Length == 3 && int.TryParse(words[0], CultureInfo.InvariantCulture, out var pid) && StartOf(pid) == words[1])
            {
                say($"ending {Path.GetFileName(file)} (process {pid}), left over from an AppHost that was killed");
                await EndAsync(pid, words[1], int.Parse(words[2], CultureInfo.InvariantCulture), cancellationToken);
            }
            File.Delete(file);
        }
    }

    private async Task EndAsync(int pid, string started, int stopSignal, CancellationToken cancellationToken)
    {
        Signal.Send(pid, stopSignal);
        var begun = time.GetTimestamp();
        while (StartOf(pid) == started)
        {
            if (time.GetElapsedTime(begun) > TimeSpan.FromSeconds(10))
            {
                Signal.Send(-pid, Signal.Kill);
                Signal.Send(pid, Signal.Kill);
            }
            await Task.Delay(TimeSpan.FromMilliseconds(50), time, cancellationToken);
        }
    }

    private string FileOf(string name) => Path.Combine(_folder, name);

    /// <summary>When the process began, in the kernel's ticks; null if there is none (or it is a zombie).</summary>
    private static string? StartOf(int pid)
    {
        try
        {
            var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat"));
            // The second field is the program's name in brackets and may hold anything; the third is the state, the 22nd the start.
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" or "X" ? null : fields[19];
        }
        catch (IOException)
        {
            return null;
        }
    }
}
