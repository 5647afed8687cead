using System.Diagnostics;

namespace ExternalAction.Suite.Tests;

/// <summary>Clients nobody here has written, against the running suite: a TypeScript client generated from the OpenAPI document, and Google's gRPC client for Node.</summary>
[Collection("embedded"), Trait("Needs", "Servers")]
public sealed class ForeignClientTests(EmbeddedSuite suite)
{
    private static readonly string _folder = Path.Combine(TourTests.RepositoryRoot(), "tests", "Foreign");

    [Fact]
    public async Task A_generated_TypeScript_client_takes_a_vote_from_draft_to_outcome()
    {
        await PrepareAsync();
        await RunAsync("npm", "run", "--silent", "generate");
        await RunAsync("npm", "run", "--silent", "compile");
        await RunAsync("node", "build/rest-smoke.js", suite.Http.BaseAddress!.ToString().TrimEnd('/'), await suite.Rest.Secretariat, await suite.Rest.Delegation("FR"));
    }

    [Fact]
    public async Task Googles_gRPC_client_for_Node_reads_counts_and_is_refused()
    {
        await PrepareAsync();
        await RunAsync("node", "grpc-smoke.mjs", suite.Channel.Target, await suite.Rest.Auditor);
    }

    private static async Task PrepareAsync()
    {
        if (!Directory.Exists(Path.Combine(_folder, "node_modules", "@grpc", "grpc-js")))
        {
            await RunAsync("npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts");
        }
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = _folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var errors = process.StandardError.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{await output}\n{await errors}");
    }
}
