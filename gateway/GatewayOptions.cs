using ExternalAction.Gateway.Edge;

namespace ExternalAction.Gateway;

/// <summary>Settings of the section <c>Gateway</c>.</summary>
public sealed class GatewayOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Gateway";

    /// <summary>Largest JSON body in bytes, and largest line of a stream of JSON lines.</summary>
    public long JsonBodyLimit { get; set; } = 1 << 20;

    /// <summary>Largest body of an rpc's own media types (CSV imports) in bytes, where its contract names no other.</summary>
    public long FileBodyLimit { get; set; } = 8 << 20;

    /// <summary>How long a call may take that is not a stream.</summary>
    public TimeSpan UnaryDeadline { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long nothing may move in either direction while JSON lines go to and fro.</summary>
    public TimeSpan StreamIdle { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How much a client may ask.</summary>
    public RateLimitOptions RateLimit { get; set; } = new();

    /// <summary>Addresses or networks (<c>10.0.0.0/8</c>) of proxies in front, whose X-Forwarded headers are believed. None unless named.</summary>
    public IReadOnlyList<string> Proxies { get; set; } = [];

    /// <summary>Connections the server holds at most, both ports together.</summary>
    public long MaxConnections { get; set; } = 10_000;

    /// <summary>Calls at once on one HTTP/2 connection.</summary>
    public int MaxStreamsPerConnection { get; set; } = 250;

    /// <summary>Connections to each service in another process, used in turn.</summary>
    public int ConnectionsPerService { get; set; } = 4;

    /// <summary>Memory for kept replies in bytes, when no Redis is configured (<c>ConnectionStrings:cache</c>).</summary>
    public long CacheBytes { get; set; } = 64 << 20;

    /// <summary>Folder for what must survive a restart: the key of development tokens.</summary>
    public string DataFolder { get; set; } = Path.Combine(".run", "data", "gateway");

    /// <summary>Development only: member states for which <c>/dev/tokens</c> gives tokens, as EU codes in protocol order.</summary>
    public IReadOnlyList<string> MemberStates { get; set; } =
        ["BE", "BG", "CZ", "DK", "DE", "EE", "IE", "EL", "ES", "FR", "HR", "IT", "CY", "LV", "LT", "LU", "HU", "MT", "NL", "AT", "PL", "PT", "RO", "SI", "SK", "FI", "SE"];

    internal const string Unsound = "Gateway: JsonBodyLimit and FileBodyLimit take 1,024 bytes to 1 GB, UnaryDeadline and StreamIdle 1 ms to 10 minutes, ConnectionsPerService 1 to 64, the figures of RateLimit, MaxConnections, MaxStreamsPerConnection and CacheBytes at least 1.";

    internal static bool IsSound(GatewayOptions options) =>
        options is { JsonBodyLimit: >= 1_024 and <= 1 << 30, FileBodyLimit: >= 1_024 and <= 1 << 30, ConnectionsPerService: >= 1 and <= 64, MaxConnections: >= 1, MaxStreamsPerConnection: >= 1, CacheBytes: >= 1 }
        && options.UnaryDeadline >= TimeSpan.FromMilliseconds(1) && options.UnaryDeadline <= TimeSpan.FromMinutes(10)
        && options.StreamIdle >= TimeSpan.FromMilliseconds(1) && options.StreamIdle <= TimeSpan.FromMinutes(10)
        && options.RateLimit is { PerSecond: >= 1, Burst: >= 1, AnonymousPerSecond: >= 1, AnonymousBurst: >= 1 };
}
