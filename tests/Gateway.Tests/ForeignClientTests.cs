using System.Diagnostics;
using System.Globalization;
using ExternalAction.Gateway.OpenApi;
using ExternalAction.Gateway.Tests.Backend;

namespace ExternalAction.Gateway.Tests;

/// <summary>Clients that nobody here has written: they read the document and speak to the ports as strangers do.</summary>
[Trait("Needs", "Servers")]
[Collection(Shared.Name)]
public sealed class ForeignClientTests(SharedSuite shared) : IAsyncLifetime
{
    private static readonly string _folder = Path.Combine(OpenApiTests.RepositoryRoot(), "tests", "Foreign");
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(3);
    private readonly Suite _suite = shared.Suite;

    public async Task InitializeAsync()
    {
        // Packages are installed once, from the committed lock file.
        if (!Directory.Exists(Path.Combine(_folder, "node_modules", "@grpc", "grpc-js")))
        {
            await RunAsync("npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts");
        }
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task The_documents_are_valid_by_a_validator_of_the_npm_registry()
    {
        var served = Path.GetTempFileName();
        await File.WriteAllTextAsync(served, OpenApiDocument.Write(new GatewayService("probe", ProbeReflection.Descriptor)));

        var output = await RunAsync("node", "validate-openapi.mjs", "../../docs/openapi.v1.json", served);

        Assert.Equal(2, output.Split("OpenAPI 3.1, valid").Length - 1);
        File.Delete(served);
    }

    [Fact]
    public async Task A_typescript_client_is_generated_from_the_document_and_the_smoke_test_compiles_against_it()
    {
        await RunAsync("npm", "run", "--silent", "generate");
        await RunAsync("npm", "run", "--silent", "compile");

        Assert.True(File.Exists(Path.Combine(_folder, "build", "rest-smoke.js")));
    }

    [Fact]
    public async Task Googles_grpc_client_for_node_calls_through_the_gateway()
    {
        var output = await RunAsync("node", "grpc-probe.mjs", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_suite.GrpcPort}"), await _suite.TokenAsync());

        Assert.Equal(7, output.Split("ok: ").Length - 1);
    }

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = _folder, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception fault)
        {
            throw new InvalidOperationException($"{program} is missing; install it: sudo apt-get install nodejs npm", fault);
        }

        using (process)
        {
            using var limit = new CancellationTokenSource(_patience);
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            try
            {
                await process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                throw;
            }

            Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{await output}\n{await errors}");
            return await output;
        }
    }
}
