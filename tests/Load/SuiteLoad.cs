using System.Globalization;
using ExternalAction.Testing;

namespace ExternalAction.Load;

/// <summary>
/// The distributed suite under load: durable votes through the gateway over gRPC and REST against pgbench on the same server
/// in the same run; a small read through the gateway against the same read made at the service; a kept REST read against one
/// that is not kept. For each it also says what a call costs in processor time and where. Load generator, gateway, service and
/// servers share the machine; a phase begins when the relay has published what the one before it has recorded.
/// </summary>
internal static class SuiteLoad
{
    private const int Votes = 20_000;
    private const int Calls = 40_000;
    private const int Reads = 20_000;
    private const int ReferenceSeconds = 8;

    /// <summary>Votes and reads, three rounds.</summary>
    public static Task RunAsync() => RunAsync(rounds: 3, reads: true);

    /// <summary>One round of votes only: quick, for work on the way a vote takes.</summary>
    public static Task RunVotesAsync() => RunAsync(rounds: 1, reads: false);

    private static async Task RunAsync(int rounds, bool reads)
    {
        await using var suite = await SuiteUnderLoad.StartAsync();

        // 1. Warm up: the first thousands of calls run in code that is not optimised yet, and cost several times as much.
        await suite.VoteOverGrpcAsync("warm-g", Votes);
        await suite.VoteOverRestAsync("warm-r", Votes);
        if (reads)
        {
            await suite.EchoAsync(direct: true, Calls / 4);
            await suite.EchoAsync(direct: false, Calls / 4);
            await suite.ReadAsync(_ => "/v1/memberStates?date=2020-06-01", Reads / 4);
        }

        // 2. Once with everything running: Sanctions takes note of every vote at the same time. It does so one by one and falls behind;
        // from here on it is stopped, or it would be at that all the time, and slow down the reference most.
        await suite.DrainAsync();
        await MeasuredAsync("gRPC vote while Sanctions listens", Votes / 2, () => suite.VoteOverGrpcAsync("s", Votes / 2), suite);
        await suite.StopListenersAsync();

        // 3. Rounds.
        Series reference = new(), grpc = new(), rest = new(), direct = new(), echo = new(), fresh = new(), kept = new(), commits = new(), perCommit = new();
        for (var round = 0; round < rounds; round++)
        {
            await suite.DrainAsync();
            reference.Add(await PgBench.RunAsync(PostgresServer.FindBinaries(), suite.Database, SuiteUnderLoad.Callers, ReferenceSeconds, new string('x', 220)));

            var before = await suite.CountCommitsAsync();
            grpc.Add(await MeasuredAsync("gRPC vote", Votes, () => suite.VoteOverGrpcAsync($"g{round}", Votes), suite));
            var share = (double)(await suite.CountCommitsAsync() - before) / Votes;
            commits.Add(grpc.Last * share);
            perCommit.Add(1 / share);
            rest.Add(await MeasuredAsync("REST vote", Votes / 2, () => suite.VoteOverRestAsync($"r{round}", Votes / 2), suite));
            if (reads)
            {
                direct.Add(await MeasuredAsync("gRPC read, direct", Calls, () => suite.EchoAsync(direct: true, Calls)));
                echo.Add(await MeasuredAsync("gRPC read, gateway", Calls, () => suite.EchoAsync(direct: false, Calls)));
                var first = new DateOnly(2021, 1, 1).AddDays(round * Reads);
                fresh.Add(await MeasuredAsync("REST read, not kept", Reads, () => suite.ReadAsync(i => $"/v1/memberStates?date={first.AddDays(i):yyyy-MM-dd}", Reads)));
                kept.Add(await MeasuredAsync("REST read, kept", Reads, () => suite.ReadAsync(_ => "/v1/memberStates?date=2020-06-01", Reads)));
            }
        }

        // 4. Report.
        Print($"medians of {rounds} rounds, {SuiteUnderLoad.Callers} callers, {Environment.ProcessorCount} cores");
        Print($"reference: pgbench, single-row inserts: {reference.Median:0} per second");
        Print($"durable votes through the gateway, gRPC: {grpc.Median:0} per second, {grpc.Median / reference.Median:0.00} x; {commits.Median:0} commits per second, {perCommit.Median:0.0} votes per commit");
        Print($"durable votes through the gateway, REST: {rest.Median:0} per second, {rest.Median / reference.Median:0.00} x");
        if (reads)
        {
            Print($"reference: small gRPC read, direct: {direct.Median:0} per second");
            Print($"small gRPC read through the gateway: {echo.Median:0} per second, {echo.Median / direct.Median:0.00} x");
            Print($"reference: REST read, each another day, so not kept: {fresh.Median:0} per second");
            Print($"REST read, kept: {kept.Median:0} per second, {kept.Median / fresh.Median:0.00} x");
        }
    }

    /// <summary>Prints rate and processor time per call; for votes also what publishing costs that was not done meanwhile.</summary>
    private static async Task<double> MeasuredAsync(string what, int count, Func<Task<double>> run, SuiteUnderLoad? recording = null)
    {
        var before = ProcessorTimes.Take();
        var rate = await run();
        Print($"  {what}: {rate:0} per second, {ProcessorTimes.Since(before, count)}");
        if (recording is not null)
        {
            var seconds = await recording.DrainAsync();
            Print($"    all published {seconds:0.0} s later, {ProcessorTimes.Since(before, count)}");
        }

        return rate;
    }

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    /// <summary>The same figure, round by round.</summary>
    private sealed class Series
    {
        private readonly List<double> _values = [];

        public double Last => _values[^1];

        public double Median => _values.Order().ElementAt(_values.Count / 2);

        public void Add(double value) => _values.Add(value);
    }
}
