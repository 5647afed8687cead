using System.Collections.Concurrent;
using System.Data.Common;
using ExternalAction.Journal;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace ExternalAction.Sanctions.Private;

/// <summary>
/// What the service keeps beside its journal, because it must be forgettable: a file of its own (<c>private.db</c>) beside a
/// journal on SQLite, or the schema <c>private</c> of the service's database on PostgreSQL. Statements are the same on both;
/// only <see cref="PrivateSchema"/> differs. A store that is down or full is a <see cref="JournalUnavailableException"/>.
/// </summary>
internal sealed class PrivateDatabase : IAsyncDisposable
{
    /// <summary>Name of the SQLite file.</summary>
    public const string FileName = "private.db";
    private const string Pragmas = "PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA busy_timeout=5000;";

    private readonly string? _file;
    private readonly string? _shared;
    private readonly NpgsqlDataSource? _source;
    private readonly SemaphoreSlim _creating = new(1, 1);

    /// <summary>SQLite has one writer: writers of this process take turns here instead of waking up now and then to try again.</summary>
    private readonly SemaphoreSlim _writing = new(1, 1);
    private volatile bool _created;
    private volatile string? _problem;

    /// <summary>The database beside this journal. Nothing is opened yet.</summary>
    public PrivateDatabase(JournalOptions options)
    {
        if (options.Store == JournalStoreKind.Sqlite)
        {
            _file = Path.Combine(options.Folder, FileName);
            return;
        }

        var builder = new NpgsqlConnectionStringBuilder(options.ConnectionString)
        {
            ApplicationName = "private",
            SearchPath = PrivateSchema.Name,
            Timeout = 5,
            CommandTimeout = 15,
            MaxAutoPrepare = 20,
            AutoPrepareMinUsages = 2,
            IncludeErrorDetail = false,
            Options = "-c lock_timeout=5s -c idle_in_transaction_session_timeout=10s",
        };
        builder.MaxPoolSize = Math.Min(builder.MaxPoolSize, 20);
        _shared = builder.ToString();
        _source = NpgsqlDataSource.Create(_shared);
    }

    /// <summary>Why the last write failed; null when it did not.</summary>
    public string? Problem => _problem;

    /// <summary>True when other processes may use the store, too.</summary>
    public bool IsShared => _source is not null;

    /// <summary>Work that is claimed in this process (see <see cref="WorkClaim"/>).</summary>
    public ConcurrentDictionary<string, bool> Claimed { get; } = new(StringComparer.Ordinal);

    /// <summary>A connection of PostgreSQL that is not shared and whose session ends with it.</summary>
    /// <exception cref="JournalUnavailableException">The store cannot be reached.</exception>
    public async Task<DbConnection> OpenOwnAsync(CancellationToken cancellation)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_shared) { Pooling = false, KeepAlive = 15 }.ToString());
        try
        {
            await connection.OpenAsync(cancellation);
            return connection;
        }
        catch (Exception failure) when (IsStoreFailure(failure))
        {
            await connection.DisposeAsync();
            throw Unavailable(failure);
        }
    }

    /// <summary>An open connection, for reading; the tables are there. Dispose it.</summary>
    /// <exception cref="JournalUnavailableException">The store cannot be reached.</exception>
    public async Task<DbConnection> OpenAsync(CancellationToken cancellation)
    {
        try
        {
            await CreateAsync(cancellation);
            return await ConnectAsync(cancellation);
        }
        catch (Exception failure) when (IsStoreFailure(failure))
        {
            throw Unavailable(failure);
        }
    }

    /// <summary>Reads on a connection of its own.</summary>
    /// <exception cref="JournalUnavailableException">The store cannot be reached.</exception>
    public async Task<T> ReadAsync<T>(Func<DbConnection, Task<T>> read, CancellationToken cancellation)
    {
        await using var connection = await OpenAsync(cancellation);
        try
        {
            return await read(connection);
        }
        catch (Exception failure) when (IsStoreFailure(failure))
        {
            throw Unavailable(failure);
        }
    }

    /// <summary>Writes in one transaction: all of it is on the disk when this returns, or nothing was changed.</summary>
    /// <param name="write">What to write; commands of this connection take part in the transaction.</param>
    /// <param name="cancellation">Gives up before the commit.</param>
    /// <exception cref="JournalUnavailableException">The store is down or full; <see cref="JournalUnavailableException.MayHaveHappened"/> when the commit got no answer.</exception>
    public async Task<T> WriteAsync<T>(Func<DbConnection, Task<T>> write, CancellationToken cancellation)
    {
        if (_file is not null)
        {
            await _writing.WaitAsync(cancellation);
        }
        var committing = false;
        try
        {
            await using var connection = await OpenAsync(cancellation);
            await using var transaction = await connection.BeginTransactionAsync(cancellation);
            var result = await write(connection);
            committing = true;
            await transaction.CommitAsync(CancellationToken.None);
            _problem = null;
            return result;
        }
        catch (Exception failure) when (IsStoreFailure(failure))
        {
            _problem = failure.Message;
            throw Unavailable(failure, committing);
        }
        catch (JournalUnavailableException failure)
        {
            _problem = failure.Message;
            throw;
        }
        finally
        {
            if (_file is not null)
            {
                _writing.Release();
            }
        }
    }

    /// <summary>Writes, as above, without a result.</summary>
    public Task WriteAsync(Func<DbConnection, Task> write, CancellationToken cancellation) => WriteAsync(
        async connection =>
        {
            await write(connection);
            return true;
        },
        cancellation);

    /// <summary>
    /// What was deleted is gone from the files, too: SQLite overwrites deleted content, but its log still holds the page as it
    /// was; this empties the log. PostgreSQL keeps dead rows until its next vacuum.
    /// </summary>
    public async Task ForgetAsync(CancellationToken cancellation)
    {
        if (_file is not null)
        {
            await ReadAsync(connection => connection.RunAsync("PRAGMA wal_checkpoint(TRUNCATE)", cancellation), cancellation);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_source is not null)
        {
            await _source.DisposeAsync();
        }
        else
        {
            using var pooled = new SqliteConnection(ConnectionString);
            SqliteConnection.ClearPool(pooled);
        }
        _creating.Dispose();
        _writing.Dispose();
    }

    private string ConnectionString => new SqliteConnectionStringBuilder { DataSource = _file, DefaultTimeout = 5 }.ToString();

    private async Task<DbConnection> ConnectAsync(CancellationToken cancellation)
    {
        if (_source is not null)
        {
            return await _source.OpenConnectionAsync(cancellation);
        }
        var connection = new SqliteConnection(ConnectionString);
        try
        {
            await connection.OpenAsync(cancellation);
            await connection.RunAsync(Pragmas, cancellation);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Creates what is missing, once in this process; on PostgreSQL replicas take turns.</summary>
    private async Task CreateAsync(CancellationToken cancellation)
    {
        if (_created)
        {
            return;
        }
        await _creating.WaitAsync(cancellation);
        try
        {
            if (_created)
            {
                return;
            }
            if (_file is not null)
            {
                CreateFile(_file);
            }
            await using var connection = await ConnectAsync(cancellation);
            if (_file is not null)
            {
                await connection.RunAsync("PRAGMA journal_mode=WAL", cancellation);
            }
            await using var transaction = await connection.BeginTransactionAsync(cancellation);
            foreach (var statement in _file is not null ? PrivateSchema.Sqlite : PrivateSchema.Postgres)
            {
                await connection.RunAsync(statement, cancellation);
            }
            await transaction.CommitAsync(cancellation);
            _created = true;
        }
        finally
        {
            _creating.Release();
        }
    }

    /// <summary>Only the service's user may read it; SQLite gives its other files the same mode.</summary>
    private static void CreateFile(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }
        using var created = new FileStream(file, options);
    }

    private static bool IsStoreFailure(Exception failure) => failure is DbException or IOException or UnauthorizedAccessException or System.Net.Sockets.SocketException or TimeoutException;

    private static JournalUnavailableException Unavailable(Exception failure, bool committing = false) =>
        new($"The private store cannot be reached: {failure.Message}", mayHaveHappened: committing && failure is not SqliteException and not PostgresException { InvariantSeverity: "ERROR" }, failure);
}
