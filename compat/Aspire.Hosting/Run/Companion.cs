// The process that goes with a server and comes before it: RabbitMQ's name server, epmd.

using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Aspire.Hosting.Run;

internal static class Companion
{
    /// <summary>Starts it, and returns when it listens. Whatever goes wrong, nothing of it is left running.</summary>
    /// <param name="port">The port of this machine that it opens.</param>
    /// <param name="line">Takes what it writes; true for its error output.</param>
    /// <param name="patience">How long it may take to listen, and then to end.</param>
    /// <exception cref="DistributedApplicationException">It ended, or did not listen in time.</exception>
    public static async Task<ChildProcess> StartAsync(ProcessPlan plan, int port, Action<string, bool> line, TimeSpan patience, TimeProvider time, CancellationToken cancellationToken)
    {
        var program = Path.GetFileName(plan.Program);
        var begun = time.GetTimestamp();
        var companion = await ChildProcess.StartAsync(plan, line);
        try
        {
            while (!await ListensAsync(port, cancellationToken))
            {
                if (companion.Exited.IsCompleted)
                {
                    var exitCode = await companion.Exited;
                    throw new DistributedApplicationException(string.Create(CultureInfo.InvariantCulture, $"{program} ended with exit code {exitCode} before it listened on port {port}"));
                }
                if (time.GetElapsedTime(begun) > patience)
                    throw new DistributedApplicationException(string.Create(CultureInfo.InvariantCulture, $"{program} does not listen on port {port} after {patience.TotalSeconds} s"));
                await Task.Delay(TimeSpan.FromMilliseconds(20), time, cancellationToken);
            }
            return companion;
        }
        catch
        {
            await companion.StopAsync(patience, time);
            throw;
        }
    }

    private static async Task<bool> ListensAsync(int port, CancellationToken cancellationToken)
    {
        using var client = new TcpClient(AddressFamily.InterNetwork);
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
