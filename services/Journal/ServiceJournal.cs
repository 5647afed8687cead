namespace ExternalAction.Journal;

/// <summary>
/// A journal without its types: what endpoints, health, the relay and the consumers need to know of any service's
/// journal. Resolve all of a process with <c>IEnumerable&lt;ServiceJournal&gt;</c>.
/// </summary>
public abstract class ServiceJournal
{
    /// <summary>The service's name.</summary>
    public abstract string Service { get; }

    /// <summary>The journal's random id from its genesis row; <see cref="Guid.Empty"/> until <see cref="IsReady"/>.</summary>
    public abstract Guid JournalId { get; }

    /// <summary>The published position.</summary>
    public abstract long Position { get; }

    /// <summary>True from the end of the replay on.</summary>
    public abstract bool IsReady { get; }

    /// <summary>Why the journal cannot be written just now, in a sentence, or null.</summary>
    public abstract string? Problem { get; }

    /// <summary>The head signed last, as compact JWS (at <c>/v1/journals/{service}:head</c>), or null until ready.</summary>
    public abstract string? SignedHead { get; }

    /// <summary>Every public key there ever was, for <c>/.well-known/jwks.json</c>; join journals' keys with <see cref="SigningKey.WriteJwks"/>.</summary>
    public abstract IReadOnlyList<SigningKey> SigningKeys { get; }

    /// <summary>How many integration events the domain has refused in all.</summary>
    public abstract long RejectedIntegrationEventCount { get; }

    /// <summary>The latest refused integration events, oldest first, at most 100.</summary>
    public abstract IReadOnlyList<RejectedIntegrationEvent> RejectedIntegrationEvents { get; }

    /// <summary>The public keys as a JWKS document.</summary>
    public string Jwks => SigningKey.WriteJwks(SigningKeys);

    /// <summary>Waits until the published position is at least this.</summary>
    /// <exception cref="PositionNotReachedException">It took longer than <see cref="JournalOptions.PositionWait"/>.</exception>
    public abstract Task WaitForPositionAsync(long position, CancellationToken ct);

    /// <summary>Waits until something is published after this position, without a limit of time. For the relay and for streams.</summary>
    public abstract Task WaitForRowsAsync(long afterPosition, CancellationToken ct);

    /// <summary>Rows as they are stored, after a position, at most 2,000.</summary>
    /// <exception cref="JournalUnavailableException">The store cannot be reached.</exception>
    public abstract Task<IReadOnlyList<JournalRow>> ReadRowsAsync(long afterPosition, CancellationToken ct);

    /// <summary>Makes a new key for a purpose and retires the others of that purpose; both are rows of the journal.</summary>
    public abstract Task RotateSigningKeyAsync(KeyPurpose purpose, string actor, CancellationToken ct);

    /// <summary>What has been consumed from a source's journal; <see cref="EventPlace.Start"/> if nothing has.</summary>
    public abstract Task<EventPlace> ReadCursorAsync(string source, Guid sourceJournalId, CancellationToken ct);

    /// <summary>How far a relay of this journal has got; position 0 if it has not begun.</summary>
    public abstract Task<RelayCheckpoint> ReadCheckpointAsync(string relay, CancellationToken ct);

    /// <summary>Takes the right to be the one relay of this name; null if another process or task has it.</summary>
    public abstract Task<RelayLease?> TryTakeRelayLeaseAsync(string relay, CancellationToken ct);

    /// <summary>Opens the store, replays, takes commands. Retries until the store is there.</summary>
    /// <exception cref="ChainBrokenException">The journal is not whole.</exception>
    /// <exception cref="JournalUnavailableException">Another process uses the SQLite folder.</exception>
    public abstract Task StartAsync(CancellationToken ct);

    /// <summary>Takes no more commands, executes those that wait, signs the head and closes the store.</summary>
    public abstract Task StopAsync();
}
