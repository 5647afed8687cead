namespace ExternalAction.Journal.Tool;

/// <summary>
/// The tool's table of contents: its verbs, each in a file of its own, its help and its exit codes. To add a verb, write
/// its file and add it to <see cref="Verbs"/>.
/// </summary>
internal static class JournalTool
{
    /// <summary>Everything was as it should be.</summary>
    public const int Success = 0;

    /// <summary>Something was checked and is not sound.</summary>
    public const int NotSound = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;

    /// <summary>A file or a database could not be read.</summary>
    public const int Unreadable = 3;

    private static readonly Verb[] Verbs = [VerifyVerb.Verb, VerifyReceiptVerb.Verb, ExportVerb.Verb, RepublishVerb.Verb];

    /// <summary>Runs one command line.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter errors, CancellationToken ct)
    {
        if (args.Length == 0 || args[0] is "help" or "--help" or "-h")
        {
            output.WriteLine("Checks, exports and republishes journals.\n");
            foreach (var verb in Verbs)
            {
                output.WriteLine($"  {verb.Name,-16}{verb.Summary}");
            }

            output.WriteLine("\n'<verb> --help' explains a verb. Exit codes: 0 sound, 1 not sound, 2 wrong usage, 3 cannot be read.");
            return args.Length == 0 ? Usage : Success;
        }

        if (Verbs.FirstOrDefault(verb => verb.Name == args[0]) is not { } chosen)
        {
            errors.WriteLine($"There is no verb '{args[0]}'. Verbs: {string.Join(", ", Verbs.Select(verb => verb.Name))}.");
            return Usage;
        }

        if (args.Contains("--help") || args.Contains("-h"))
        {
            output.WriteLine(chosen.Help);
            return Success;
        }

        try
        {
            return await chosen.RunAsync(new Arguments(args.AsSpan(1), chosen.Options), output, errors, ct);
        }
        catch (UsageException wrong)
        {
            errors.WriteLine($"{wrong.Message}\n\n{chosen.Help}");
            return Usage;
        }
        catch (Exception failure) when (failure is StoreUnavailableException or JournalUnavailableException or IOException or UnauthorizedAccessException or InvalidDataException)
        {
            errors.WriteLine(failure.Message);
            return Unreadable;
        }
    }
}

/// <summary>One verb of the tool.</summary>
/// <param name="Name">What is typed.</param>
/// <param name="Summary">Half a line for the list.</param>
/// <param name="Help">The whole explanation.</param>
/// <param name="Options">The options it takes, each with a value.</param>
/// <param name="RunAsync">Does it and returns the exit code; writes results to the first writer, problems to the second.</param>
internal sealed record Verb(
    string Name, string Summary, string Help, string[] Options, Func<Arguments, TextWriter, TextWriter, CancellationToken, Task<int>> RunAsync);

/// <summary>The command line is wrong; the message says how.</summary>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>The options of a command line: every one is <c>--name value</c>.</summary>
internal sealed class Arguments
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    public Arguments(ReadOnlySpan<string> args, string[] known)
    {
        for (var i = 0; i < args.Length; i += 2)
        {
            if (!known.Contains(args[i]))
            {
                throw new UsageException($"Unknown option '{args[i]}'.");
            }

            if (i + 1 == args.Length)
            {
                throw new UsageException($"The option {args[i]} needs a value.");
            }

            if (!_values.TryAdd(args[i], args[i + 1]))
            {
                throw new UsageException($"The option {args[i]} is given twice.");
            }
        }
    }

    public string? Find(string option) => _values.GetValueOrDefault(option);

    public string Get(string option) => Find(option) ?? throw new UsageException($"The option {option} is missing.");

    /// <summary>A position, at least 1.</summary>
    public long? FindPosition(string option)
        => Find(option) is not { } text ? null
            : long.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var position) && position > 0 ? position
            : throw new UsageException($"{option} must be a position, 1 or more.");
}
