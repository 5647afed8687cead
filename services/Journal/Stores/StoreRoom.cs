using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using Npgsql;
using SQLitePCL;

namespace ExternalAction.Journal;

/// <summary>What a store says when there is no room left to write: the disk is full, or the file has reached the limit of its process.</summary>
internal static class StoreRoom
{
    // The write of a file at its limit raises SIGXFSZ, which ends a process that does not know it. Handled, the write fails with EFBIG instead.
    private const PosixSignal FileSizeLimit = (PosixSignal)25;
    private static readonly PosixSignalRegistration? _limit = OperatingSystem.IsWindows() ? null : PosixSignalRegistration.Create(FileSizeLimit, context => context.Cancel = true);

    /// <summary>From now on reaching the limit is an error of that write, not the end of the process.</summary>
    public static void SurviveLimit() => GC.KeepAlive(_limit);

    /// <summary>Whether a failure, or what caused it, is a lack of room.</summary>
    public static bool IsMissing(Exception? failure) => failure switch
    {
        null => false,
        SqliteException { SqliteErrorCode: raw.SQLITE_FULL } or SqliteException { SqliteExtendedErrorCode: raw.SQLITE_IOERR_WRITE } => true,
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } => true,
        _ => IsMissing(failure.InnerException),
    };
}
