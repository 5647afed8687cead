using System.Diagnostics;

namespace ExternalAction.Suite.Tests.Weather;

/// <summary>The offline verifier, run as a process of its own, as an auditor would.</summary>
internal static class Verifier
{
    /// <summary>The chain is dense and whole.</summary>
    /// <param name="store"><c>--postgres</c> or <c>--sqlite</c>.</param>
    /// <param name="where">Connection string, or file.</param>
    public static async Task AssertSoundAsync(string store, string where)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, "Journal.Tool.dll"), "verify", store, where])
        {
            start.ArgumentList.Add(argument);
        }
        using var tool = Process.Start(start)!;
        var said = await Task.WhenAll(tool.StandardOutput.ReadToEndAsync(), tool.StandardError.ReadToEndAsync());
        await tool.WaitForExitAsync();
        Assert.True(tool.ExitCode == 0, string.Concat(said));
    }
}
