// The states the connection of a channel goes through (grpc/doc/connectivity-semantics-and-api.md).
namespace Grpc.Core;

/// <summary>The states of a channel's connection.</summary>
public enum ConnectivityState
{
    /// <summary>Not connected and not asked to be.</summary>
    Idle,
    /// <summary>Connecting.</summary>
    Connecting,
    /// <summary>Connected.</summary>
    Ready,
    /// <summary>Failed for now; it will try again.</summary>
    TransientFailure,
    /// <summary>Shut down for good.</summary>
    Shutdown,
}
