// How a call ended: one of seventeen codes, a sentence for people and, locally only, the exception behind it.
// The codes and their numbers are fixed by the gRPC protocol (grpc/doc/statuscodes.md).
namespace Grpc.Core;

/// <summary>The result codes of gRPC; the numbers travel in the <c>grpc-status</c> trailer.</summary>
public enum StatusCode
{
    /// <summary>Success.</summary>
    OK = 0,
    /// <summary>The caller gave the call up.</summary>
    Cancelled = 1,
    /// <summary>An error nobody classified.</summary>
    Unknown = 2,
    /// <summary>The request is wrong whatever the state of the system.</summary>
    InvalidArgument = 3,
    /// <summary>The deadline passed before the call ended.</summary>
    DeadlineExceeded = 4,
    /// <summary>The thing asked for does not exist.</summary>
    NotFound = 5,
    /// <summary>The thing to create is already there.</summary>
    AlreadyExists = 6,
    /// <summary>The caller is known and may not do this.</summary>
    PermissionDenied = 7,
    /// <summary>A quota or a resource is used up.</summary>
    ResourceExhausted = 8,
    /// <summary>The system is not in the state the operation needs.</summary>
    FailedPrecondition = 9,
    /// <summary>A conflict with a concurrent operation; the caller may start over.</summary>
    Aborted = 10,
    /// <summary>Past the valid range.</summary>
    OutOfRange = 11,
    /// <summary>The method is not offered here.</summary>
    Unimplemented = 12,
    /// <summary>An invariant of the system is broken.</summary>
    Internal = 13,
    /// <summary>The service cannot be reached now; a retry may help.</summary>
    Unavailable = 14,
    /// <summary>Data is lost or corrupt for good.</summary>
    DataLoss = 15,
    /// <summary>The caller is not known.</summary>
    Unauthenticated = 16,
}

/// <summary>The outcome of a call.</summary>
public struct Status
{
    /// <summary>Success, without a detail.</summary>
    public static readonly Status DefaultSuccess = new(StatusCode.OK, "");

    /// <summary>Cancelled, without a detail.</summary>
    public static readonly Status DefaultCancelled = new(StatusCode.Cancelled, "");

    /// <summary>A status of a code and a sentence.</summary>
    public Status(StatusCode statusCode, string detail) : this(statusCode, detail, null) { }

    /// <summary>A status that also remembers the local exception behind it; the exception is never sent.</summary>
    public Status(StatusCode statusCode, string detail, Exception? debugException)
    {
        StatusCode = statusCode;
        Detail = detail;
        DebugException = debugException;
    }

    /// <summary>The code.</summary>
    public StatusCode StatusCode { get; }

    /// <summary>The sentence for people, as sent in the <c>grpc-message</c> trailer.</summary>
    public string Detail { get; }

    /// <summary>The local exception behind a failed call, for logs.</summary>
    public Exception? DebugException { get; }

    /// <inheritdoc/>
    public override string ToString() => DebugException is null
        ? $"Status(StatusCode=\"{StatusCode}\", Detail=\"{Detail}\")"
        : $"Status(StatusCode=\"{StatusCode}\", Detail=\"{Detail}\", DebugException=\"{DebugException.GetType()}: {DebugException.Message}\")";
}

/// <summary>A call that did not end with OK. Thrown by clients; thrown by services to choose the status they answer with.</summary>
public class RpcException : Exception
{
    private readonly Metadata _trailers;

    /// <summary>A failure with a status and no trailers.</summary>
    public RpcException(Status status) : this(status, Metadata.Empty, status.ToString()) { }

    /// <summary>A failure with a status and an exception message of its own.</summary>
    public RpcException(Status status, string message) : this(status, Metadata.Empty, message) { }

    /// <summary>A failure with a status and trailers.</summary>
    public RpcException(Status status, Metadata trailers) : this(status, trailers, status.ToString()) { }

    /// <summary>A failure with a status, trailers and an exception message of its own.</summary>
    public RpcException(Status status, Metadata trailers, string message) : base(message, status.DebugException)
    {
        Status = status;
        _trailers = trailers ?? throw new ArgumentNullException(nameof(trailers));
    }

    /// <summary>The outcome of the call.</summary>
    public Status Status { get; }

    /// <summary>The code of <see cref="Status"/>.</summary>
    public StatusCode StatusCode => Status.StatusCode;

    /// <summary>The trailers of the call: those received by a client, those a service wants sent.</summary>
    public Metadata Trailers => _trailers;
}
