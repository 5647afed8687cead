using System.Security.Cryptography;
using Microsoft.Extensions.Logging;

namespace ExternalAction.Journal;

/// <content>Start, stop and what runs in between by itself: genesis row and keys, the signed head, the look-out for other replicas' rows.</content>
public sealed partial class Journal<TState, TEvent>
{
    /// <inheritdoc/>
    public override async Task StartAsync(CancellationToken ct)
    {
        // 1. The store, however long that takes: in a distributed start the database may come later.
        while (!await TryOpenAsync(ct))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(500), _clock, ct);
        }

        // 2. Replay with chain verification; then the executor runs.
        var folding = _executor.BeginFolding();
        await Replay.RunAsync(_definition, _store, folding, ct);
        if (folding.Position > 0 && folding.System.Service != Service)
        {
            throw new InvalidOperationException($"This is the journal of '{folding.System.Service}', not of '{Service}'.");
        }

        _executor.Start(folding);
        _running = Task.Run(_executor.RunAsync, CancellationToken.None);

        // 3. Genesis row and keys, under the lock: of several replicas that start at once, one writes them.
        await EnsureOpenedAsync(ct);

        // 4. Ready: readers may come, and the background work begins.
        UseKeys(_executor.Published.System);
        SignHead();
        _ready = true;
        _background.Add(RepeatAsync(_options.HeadInterval, SignHead));
        if (_options.Store == JournalStoreKind.Postgres)
        {
            _background.Add(_store.ListenAsync(_executor.Wake, _stopping.Token));
            _background.Add(RepeatAsync(_options.PollInterval, _executor.Wake));
        }
    }

    /// <inheritdoc/>
    public override async Task StopAsync()
    {
        if (_stopped)
        {
            return;
        }

        // 1. No new commands; those that wait are executed.
        _stopped = true;
        _executor.Close();
        await _running;

        // 2. The background work ends; the last head covers everything that was written.
        await _stopping.CancelAsync();
        await Task.WhenAll(_background);
        if (_ready)
        {
            SignHead();
        }

        // 3. Nobody reads any more.
        _ready = false;
        await _store.DisposeAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _keys.Dispose();
        _stopping.Dispose();
    }

    private async Task<bool> TryOpenAsync(CancellationToken ct)
    {
        try
        {
            await _store.OpenAsync(ct);
            return true;
        }
        catch (StoreUnavailableException failure)
        {
            LogWaitingForStore(Service, failure.Message);
            return false;
        }
    }

    private async Task EnsureOpenedAsync(CancellationToken ct)
    {
        // As long as it takes: another replica may hold the lock, and giving up would end the process.
        var journalId = Guid.NewGuid();
        await EnqueueAsync(
            new PendingSystemCommand<TState, TEvent>(system =>
            {
                var events = new List<SystemEvent>();
                if (system.JournalId == Guid.Empty)
                {
                    events.Add(new SystemEvent.Opened(journalId, Service));
                }

                foreach (var purpose in Enum.GetValues<KeyPurpose>())
                {
                    if (!_keys.CanSign(system, purpose))
                    {
                        events.Add(_keys.Create(purpose));
                    }
                }

                return events;
            })
            {
                Actor = "system:journal",
            },
            Timeout.InfiniteTimeSpan,
            ct);
    }

    private void UseKeys(SystemState system)
    {
        try
        {
            _keys.Use(system);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            // The rows are committed already: what is published must not fail for a key file. The keys in use stay.
            LogKeys(Service, failure);
        }
    }

    private void SignHead()
    {
        var published = _executor.Published;
        if (published.Hash is not { } hash)
        {
            return;
        }

        try
        {
            _signedHead = _keys.Sign(new JournalHead(Service, published.System.JournalId, published.Position, hash, JournalTime.Truncate(_clock.GetUtcNow())));
            Directory.CreateDirectory(_options.Folder);

            // Renamed into place: who copies the file never gets half a head.
            var path = Path.Combine(_options.Folder, "head.jws");
            var unfinished = $"{path}.{Environment.ProcessId}";
            File.WriteAllText(unfinished, _signedHead);
            File.Move(unfinished, path, overwrite: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CryptographicException)
        {
            LogKeys(Service, failure);
        }
    }

    private async Task RepeatAsync(TimeSpan interval, Action action)
    {
        using var timer = new PeriodicTimer(interval, _clock);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token))
            {
                action();
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    [LoggerMessage(10, LogLevel.Warning, "Journal {Service}: waiting for its store ({Reason})")]
    private partial void LogWaitingForStore(string service, string reason);

    [LoggerMessage(11, LogLevel.Error, "Journal {Service}: a signing key or the signed head could not be used or written")]
    private partial void LogKeys(string service, Exception failure);
}
