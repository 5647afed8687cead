using System.ComponentModel;
using System.Globalization;

namespace ExternalAction.Load;

/// <summary>
/// Processor time of this program and of everything it has started, by what it does: the same work costs the same
/// microseconds however busy the machine is with other things, so these figures are steadier than rates. Linux only; elsewhere empty.
/// </summary>
internal static class ProcessorTimes
{
    private const double MicrosecondsPerTick = 1e6 / 100; // USER_HZ, the unit of /proc

    // The last to be found in a process's command line says what it is; the order of the report.
    private static readonly (string Role, string Mark)[] _roles =
    [
        ("gateway", "Gateway.dll"), ("decisions", "Decisions.dll"), ("sanctions", "Sanctions.dll"), ("postgres", "postgres"), ("rabbitmq", "beam.smp"), ("redis", "redis-server"),
    ];

    /// <summary>Microseconds used so far, by role; the generator is this process.</summary>
    public static Dictionary<string, double> Take()
    {
        var used = new Dictionary<string, double>(StringComparer.Ordinal);
        if (!OperatingSystem.IsLinux())
        {
            return used;
        }

        foreach (var usage in Ours())
        {
            used[usage.Role] = used.GetValueOrDefault(usage.Role) + usage.Microseconds;
        }

        return used;
    }

    /// <summary>Resident memory of the processes of a role, in megabytes; 0 where it cannot be read.</summary>
    public static double ResidentMegabytes(string role) => Megabytes(role, "VmRSS:");

    /// <summary>The most it ever was.</summary>
    public static double PeakMegabytes(string role) => Megabytes(role, "VmHWM:");

    private static double Megabytes(string role, string field) => !OperatingSystem.IsLinux() ? 0 : Ours().Where(usage => usage.Role == role)
        .Sum(usage => File.ReadLines($"/proc/{usage.Id}/status").Where(line => line.StartsWith(field, StringComparison.Ordinal))
            .Sum(line => double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) / 1024));

    /// <summary>What has been used since an earlier look, per piece of work, in one line.</summary>
    public static string Since(Dictionary<string, double> before, int count)
    {
        var now = Take();
        var parts = now.Select(used => (used.Key, PerPiece: (used.Value - before.GetValueOrDefault(used.Key)) / count)).OrderByDescending(part => part.PerPiece).ToList();
        return string.Create(CultureInfo.InvariantCulture, $"{parts.Sum(part => part.PerPiece):0} µs: ")
            + string.Join(", ", parts.Where(part => part.PerPiece >= 0.5).Select(part => string.Create(CultureInfo.InvariantCulture, $"{part.Key} {part.PerPiece:0}")));
    }

    private static IEnumerable<Usage> Ours()
    {
        var processes = Directory.GetDirectories("/proc").Select(folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(id => id > 0).Select(Read).OfType<Usage>().ToDictionary(usage => usage.Id);
        return processes.Values.Where(usage => IsOurs(usage, processes));
    }

    private static bool IsOurs(Usage? usage, Dictionary<int, Usage> processes)
    {
        for (var steps = 0; usage is not null && steps < 32; steps++)
        {
            if (usage.Id == Environment.ProcessId)
            {
                return true;
            }

            usage = processes.GetValueOrDefault(usage.Parent);
        }

        return false;
    }

    private static Usage? Read(int id)
    {
        try
        {
            // The name in brackets may hold anything; the numbers begin after the last bracket, with the third field.
            var stat = File.ReadAllText($"/proc/{id}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            var ticks = long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)
                + long.Parse(fields[13], CultureInfo.InvariantCulture) + long.Parse(fields[14], CultureInfo.InvariantCulture);
            var command = File.ReadAllText($"/proc/{id}/cmdline");
            var role = id == Environment.ProcessId ? "generator" : _roles.LastOrDefault(role => command.Contains(role.Mark, StringComparison.Ordinal)).Role ?? "other";
            return new Usage(id, int.Parse(fields[1], CultureInfo.InvariantCulture), role, ticks * MicrosecondsPerTick);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException or Win32Exception)
        {
            return null; // it has ended meanwhile
        }
    }

    private sealed record Usage(int Id, int Parent, string Role, double Microseconds);
}
