namespace ExternalAction.House.Tests.Architecture;

/// <summary>Where the sources lie: the folder of the solution, above the test's binaries.</summary>
internal static class RepositoryRoot
{
    public static string Path { get; } = Find();

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder.FullName, "ExternalAction.sln")))
        {
            folder = folder.Parent;
        }
        return folder?.FullName ?? throw new InvalidOperationException("ExternalAction.sln is in no folder above the tests.");
    }
}
