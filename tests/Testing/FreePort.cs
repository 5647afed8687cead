using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace ExternalAction.Testing;

/// <summary>
/// Ports of 127.0.0.1 for servers that must be told one before they start. They lie below the range from which the kernel
/// takes ports of its own accord (for outgoing connections, and where a server asks for any port), so nothing that runs
/// beside the test is given one by chance before its server has bound it; and none is given twice by one process.
/// </summary>
public static class FreePort
{
    private const int Lowest = 10_000;

    private static readonly ConcurrentDictionary<int, bool> _given = new();

    /// <summary>A port on which nobody listens, for the caller alone.</summary>
    public static int Next()
    {
        while (true)
        {
            var port = Random.Shared.Next(Lowest, FirstOfTheKernel());
            if (_given.TryAdd(port, true) && IsFree(port))
            {
                return port;
            }
        }
    }

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int FirstOfTheKernel()
    {
        const string Range = "/proc/sys/net/ipv4/ip_local_port_range";
        var first = File.Exists(Range) ? int.Parse(File.ReadAllText(Range).Split('\t', ' ')[0], System.Globalization.CultureInfo.InvariantCulture) : 32_768;
        return first > Lowest + 1_000 ? first : 65_535;
    }
}
