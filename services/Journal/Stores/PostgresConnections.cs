using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace ExternalAction.Journal;

/// <summary>How the journal connects to PostgreSQL, and the numbers of the locks it takes there.</summary>
internal static class PostgresConnections
{
    /// <summary>The writer's lock; one database holds one journal, so one number is enough.</summary>
    public const long WriterLock = 0x6A6F75726E616C01;

    /// <summary>The channel on which a commit with rows is announced.</summary>
    public const string Channel = "journal_rows";

    // A statement is planned once, often while its table is still empty; without these a plan that reads the whole table
    // could be kept while the table grows. Every statement of the journal has an index to use, and then one plan is enough.
    private const string IndexesOnly = "-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c enable_bitmapscan=off -c enable_hashjoin=off -c enable_mergejoin=off";

    // A lock that cannot be had, or a transaction whose client went silent, must not stop the journal for ever.
    private const string Limits = "-c lock_timeout=5s -c idle_in_transaction_session_timeout=10s";

    /// <summary>For connections that are held open by one owner: the writer, a relay's lease, the listener.</summary>
    public static NpgsqlConnection Own(string connectionString, string purpose)
    {
        var builder = Builder(connectionString, purpose);
        builder.Pooling = false;
        builder.KeepAlive = 15;
        return new NpgsqlConnection(builder.ToString());
    }

    /// <summary>For reads.</summary>
    public static NpgsqlDataSource Readers(string connectionString)
    {
        var builder = Builder(connectionString, "reader");
        builder.MaxPoolSize = Math.Min(builder.MaxPoolSize, 20);
        return NpgsqlDataSource.Create(builder.ToString());
    }

    /// <summary>The lock of a relay's lease: the same number for the same name, in every process.</summary>
    public static long RelayLock(string relay)
        => BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"journal relay {relay}")));

    /// <summary>Whether an exception means that PostgreSQL could not be reached or did not do its part.</summary>
    public static bool IsStoreFailure(Exception failure)
        => failure is NpgsqlException or IOException or System.Net.Sockets.SocketException or TimeoutException or InvalidOperationException;

    private static NpgsqlConnectionStringBuilder Builder(string connectionString, string purpose)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString)
        {
            ApplicationName = $"journal {purpose}",
            Timeout = 5,
            CommandTimeout = 15,
            MaxAutoPrepare = 20,
            AutoPrepareMinUsages = 2,
            IncludeErrorDetail = false,

            // A batch of 64 votes is about 40 KB, a page of rows more: with 8 KB both would go in many small pieces.
            ReadBufferSize = 64 * 1024,
            WriteBufferSize = 64 * 1024,
        };
        builder.Options = $"{builder.Options} {IndexesOnly} {Limits}".TrimStart();
        return builder;
    }
}
