using Microsoft.Extensions.Configuration;

namespace ExternalAction.Journal;

/// <summary>Where a service's journal lives and what it allows. The defaults are the suite's limits.</summary>
public sealed record JournalOptions
{
    /// <summary>SQLite for one process, PostgreSQL for everything else (<c>Journal:Store</c> = <c>sqlite</c> | <c>postgres</c>).</summary>
    public JournalStoreKind Store { get; init; } = JournalStoreKind.Sqlite;

    /// <summary>
    /// The service's data folder: SQLite file, lock file, latest signed head, and keys unless <see cref="KeysFolder"/> says
    /// otherwise. From <c>Journal:Folder</c> (default <c>.run/data</c>) and the service's name.
    /// </summary>
    public required string Folder { get; init; }

    /// <summary>The folder of the private signing keys, shared by all replicas (<c>Journal:KeysFolder</c>, then the service's name).</summary>
    public required string KeysFolder { get; init; }

    /// <summary>PostgreSQL's address (<c>ConnectionStrings:{service}</c>); unused on SQLite.</summary>
    public string? ConnectionString { get; init; }

    /// <summary>Commands that may wait; one more is RESOURCE_EXHAUSTED (<c>Journal:QueueLimit</c>).</summary>
    public int QueueLimit { get; init; } = 1_024;

    /// <summary>How long a command waits for its turn, then UNAVAILABLE (<c>Journal:QueueWaitSeconds</c>).</summary>
    public TimeSpan QueueWait { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a reader waits for the position it wants, then POSITION_NOT_REACHED.</summary>
    public TimeSpan PositionWait { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often a replica looks for rows of others when no notification comes.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often the head is signed (<c>Journal:HeadSeconds</c>).</summary>
    public TimeSpan HeadInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long the host's start waits for the replay before it goes on, not ready (<c>Journal:StartWaitSeconds</c>).</summary>
    public TimeSpan StartWait { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Reads the options of a service.</summary>
    /// <exception cref="InvalidOperationException">A setting is missing or malformed; the message names it.</exception>
    public static JournalOptions FromConfiguration(IConfiguration configuration, string service)
    {
        var section = configuration.GetSection("Journal");
        var root = section["Folder"] ?? Path.Combine(".run", "data");
        var store = (section["Store"] ?? "sqlite") switch
        {
            "sqlite" => JournalStoreKind.Sqlite,
            "postgres" => JournalStoreKind.Postgres,
            var other => throw new InvalidOperationException($"Journal:Store is '{other}'; it must be 'sqlite' or 'postgres'."),
        };
        var connectionString = configuration.GetConnectionString(service);
        if (store == JournalStoreKind.Postgres && string.IsNullOrWhiteSpace(connectionString))
        {
            throw new InvalidOperationException($"Journal:Store is 'postgres' but ConnectionStrings:{service} is missing.");
        }

        var defaults = new JournalOptions { Folder = "", KeysFolder = "" };
        var folder = Path.GetFullPath(Path.Combine(root, service));
        return new JournalOptions
        {
            Store = store,
            Folder = folder,
            KeysFolder = section["KeysFolder"] is { Length: > 0 } keys ? Path.GetFullPath(Path.Combine(keys, service)) : Path.Combine(folder, "keys"),
            ConnectionString = connectionString,
            QueueLimit = Positive("QueueLimit", "number of commands") ?? defaults.QueueLimit,
            QueueWait = Seconds("QueueWaitSeconds") ?? defaults.QueueWait,
            HeadInterval = Seconds("HeadSeconds") ?? defaults.HeadInterval,
            StartWait = Seconds("StartWaitSeconds") ?? defaults.StartWait,
        };

        TimeSpan? Seconds(string name) => Positive(name, "number of seconds") is { } seconds ? TimeSpan.FromSeconds(seconds) : null;

        int? Positive(string name, string what)
        {
            if (section[name] is not { } text)
            {
                return null;
            }

            return int.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var number) && number > 0
                ? number
                : throw new InvalidOperationException($"Journal:{name} is '{text}'; it must be a positive {what}.");
        }
    }
}

/// <summary>The stores there are.</summary>
public enum JournalStoreKind
{
    /// <summary>One file, one process.</summary>
    Sqlite,

    /// <summary>A database that replicas share.</summary>
    Postgres,
}
