namespace ExternalAction.Suite.Tests;

/// <summary>Data folders of test suites.</summary>
internal static class DataFolders
{
    /// <summary>A new folder that PostgreSQL's account may pass through: run by root, it works under an account of its own.</summary>
    public static string Create()
    {
        var folder = Directory.CreateTempSubdirectory("ea-suite-");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder.FullName, (UnixFileMode)0b111_101_101);
        }
        return folder.FullName;
    }
}
