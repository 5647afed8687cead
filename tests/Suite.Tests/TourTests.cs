using System.Diagnostics;

namespace ExternalAction.Suite.Tests;

/// <summary>The tour that README promises, run as a newcomer runs it: bash, curl, and the verifier with a public key.</summary>
[Collection("embedded")]
public sealed class TourTests(EmbeddedSuite suite)
{
    [Fact]
    public async Task The_tour_tells_the_vote_the_listing_and_the_screening_to_their_end()
    {
        var root = RepositoryRoot();
        var start = new ProcessStartInfo("bash") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(root, "docs", "tour.sh"));
        start.ArgumentList.Add(suite.Http.BaseAddress!.ToString().TrimEnd('/'));
        // The verifier is built already; a second build beside running tests would fight over files.
        start.Environment["TOUR_VERIFIER"] = Path.Combine(AppContext.BaseDirectory, "Journal.Tool.dll");
        using var tour = Process.Start(start)!;
        var said = tour.StandardOutput.ReadToEndAsync();
        var complained = tour.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await tour.WaitForExitAsync(limit.Token);

        var text = await said;
        Assert.True(tour.ExitCode == 0, $"{text}\n{await complained}");
        Assert.Contains("State: ADOPTED, because: UNANIMITY_REACHED.", text, StringComparison.Ordinal);
        Assert.Contains("Not obliged to apply it: IE MT AT", text, StringComparison.Ordinal);
        Assert.Contains("QUALIFIED_MAJORITY_EXCLUDED: TEU 31(2), third indent", text, StringComparison.Ordinal);
        Assert.Contains("ADOPTED, by TEU 16(4): 26 of 27 members", text, StringComparison.Ordinal);
        Assert.Contains("The signature is good.", text, StringComparison.Ordinal);
        Assert.Contains("For a reader: LISTING_NOT_FOUND.", text, StringComparison.Ordinal);
        Assert.Contains("Listing: IN_FORCE, Anna Przykladowa, since ", text, StringComparison.Ordinal);
        Assert.Matches(@"ALERT with score 0\.\d{4}: the listed name is .+, of listing [0-9a-f]{32}\.", text);
        Assert.Matches(@"Regime CYB: until \d{4}-12-31\.", text);
    }

    internal static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "ExternalAction.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("ExternalAction.sln is in no folder above the tests.");
        }
        return folder.FullName;
    }
}
