using ExternalAction.Load;

// dotnet run -c Release --project tests/Load -- imports|journal|replay|screening|subjects|suite|votes
// Each verb prints its figures and ends by itself; a verb is one file.
var verbs = new Dictionary<string, Func<Task>>(StringComparer.Ordinal)
{
    ["imports"] = ImportLoad.RunAsync,
    ["journal"] = JournalLoad.RunAsync,
    ["replay"] = JournalLoad.RunReplayAsync,
    ["screening"] = ScreeningLoad.RunAsync,
    ["subjects"] = SubjectsLoad.RunAsync,
    ["suite"] = SuiteLoad.RunAsync,
    ["votes"] = SuiteLoad.RunVotesAsync,
};

if (args is not [var name] || !verbs.TryGetValue(name, out var run))
{
    Console.Error.WriteLine($"Usage: Load <{string.Join('|', verbs.Keys)}>");
    return 2;
}

await run();
return 0;
