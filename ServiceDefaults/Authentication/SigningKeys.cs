// The authority's discovery document and keys. A token that names an unknown key makes one look-up, awaited by the request
// itself, so a rolled key works at once; a lower bound between such look-ups keeps forged key ids from hammering the
// authority. ConfigurationManager of the identity library refreshes in the background and by the wall clock, which gives
// the first request after a roll a 401; hence this small holder around the library's retriever.
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace ExternalAction.ServiceDefaults;

/// <summary>The authority cannot be reached and its keys are not known yet: no token can be judged just now.</summary>
public sealed class AuthorityUnreachableException(string message, Exception? cause) : Exception(message, cause);

/// <summary>Holds the authority's configuration and looks it up again when asked.</summary>
internal sealed partial class SigningKeys : IDisposable
{
    private static readonly TimeSpan FirstRetryInterval = TimeSpan.FromSeconds(1);

    private readonly BearerOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<SigningKeys> _logger;
    private readonly HttpClient _http;
    private readonly HttpDocumentRetriever _documents;
    private readonly SemaphoreSlim _gate = new(1, 1);

    private volatile OpenIdConnectConfiguration? _current;
    private DateTimeOffset _loadedAt = DateTimeOffset.MinValue;
    private DateTimeOffset _askedAt = DateTimeOffset.MinValue;
    private DateTimeOffset _failedAt = DateTimeOffset.MinValue;

    public SigningKeys(IOptions<BearerOptions> options, TimeProvider time, IHostEnvironment environment, ILogger<SigningKeys> logger)
    {
        _options = options.Value;
        _time = time;
        _logger = logger;
        _http = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
        {
            Timeout = TimeSpan.FromSeconds(5),
            MaxResponseContentBufferSize = 1 << 20,
        };
        _documents = new HttpDocumentRetriever(_http) { RequireHttps = !environment.IsDevelopment() };
    }

    /// <summary>The configuration; looked up when there is none or it has grown old.</summary>
    /// <exception cref="AuthorityUnreachableException">There is none and it cannot be had.</exception>
    public async ValueTask<OpenIdConnectConfiguration> GetAsync(CancellationToken cancellation)
    {
        var current = _current;
        if (current is not null && (_time.GetUtcNow() - _loadedAt < _options.RefreshInterval || _gate.CurrentCount == 0))
        {
            return current; // young enough, or somebody is fetching a new one already
        }

        await _gate.WaitAsync(cancellation);
        try
        {
            var due = _current is null ? _failedAt + FirstRetryInterval : Later(_loadedAt + _options.RefreshInterval, _failedAt + _options.MinimumRefreshInterval);
            return _time.GetUtcNow() >= due ? await FetchAsync() : _current ?? throw Unreachable(null);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>A configuration newer than the one in which a key was missing, if the lower bound allows a look-up; else the same.</summary>
    public async ValueTask<OpenIdConnectConfiguration> RefreshAsync(OpenIdConnectConfiguration missing, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            if (!ReferenceEquals(_current, missing) || _time.GetUtcNow() < _askedAt + _options.MinimumRefreshInterval)
            {
                return _current ?? missing; // somebody was faster, or it is too early
            }

            try
            {
                return await FetchAsync();
            }
            finally
            {
                _askedAt = _time.GetUtcNow(); // counted from its end: whoever waited behind a slow look-up does not start the next
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose()
    {
        _http.Dispose();
        _gate.Dispose();
    }

    // Under the gate. Not bound to one request's cancellation: others wait for the same answer, 5 s at most.
    private async Task<OpenIdConnectConfiguration> FetchAsync()
    {
        if (string.IsNullOrWhiteSpace(_options.Authority))
        {
            throw new AuthorityUnreachableException("No authority is configured (Authentication:Authority), so no token can be judged.", null);
        }

        var address = $"{_options.Authority.TrimEnd('/')}/.well-known/openid-configuration";
        try
        {
            var fetched = await OpenIdConnectConfigurationRetriever.GetAsync(address, _documents, CancellationToken.None);
            if (string.IsNullOrEmpty(fetched.Issuer) || fetched.SigningKeys.Count == 0)
            {
                throw new InvalidOperationException($"The document at {address} names no issuer or no keys.");
            }

            _loadedAt = _time.GetUtcNow();
            _current = fetched;
            return fetched;
        }
        catch (Exception fault) when (fault is IOException or HttpRequestException or InvalidOperationException or ArgumentException or OperationCanceledException)
        {
            _failedAt = _time.GetUtcNow();
            LogUnreachable(_logger, address, fault);
            return _current ?? throw Unreachable(fault); // the keys known so far stay good
        }
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private static AuthorityUnreachableException Unreachable(Exception? cause) =>
        new("The authority that issued the token cannot be reached just now, so it cannot be judged. Try again.", cause);

    [LoggerMessage(EventId = 10, Level = LogLevel.Warning, Message = "The keys of the token authority could not be read from {Address}")]
    private static partial void LogUnreachable(ILogger logger, string address, Exception fault);
}
