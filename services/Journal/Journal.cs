using System.Security.Cryptography;
using Google.Protobuf;
using Microsoft.Extensions.Logging;

namespace ExternalAction.Journal;

/// <summary>
/// A service's journal: the one way to change anything, and the state that follows from it. Commands go through one
/// executor (<see cref="ExecuteAsync"/>); readers use <see cref="Current"/> without locks; history is read from rows.
/// This file holds the commands, <c>Journal.Lifetime.cs</c> start and stop, <c>Journal.Reads.cs</c> the reads.
/// </summary>
public sealed partial class Journal<TState, TEvent> : ServiceJournal, IAsyncDisposable
    where TState : class
    where TEvent : class
{
    private readonly JournalDefinition<TState, TEvent> _definition;
    private readonly JournalOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly IJournalStore _store;
    private readonly SigningKeys _keys;
    private readonly Executor<TState, TEvent> _executor;
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Task> _background = [];
    private Task _running = Task.CompletedTask;
    private volatile bool _ready;
    private volatile string? _signedHead;
    private bool _stopped;

    /// <summary>Creates the journal of a service; nothing is opened before <see cref="StartAsync"/>.</summary>
    public Journal(JournalDefinition<TState, TEvent> definition, JournalOptions options, TimeProvider clock, ILogger<Journal<TState, TEvent>> logger)
    {
        (_definition, _options, _clock, _logger) = (definition, options, clock, logger);
        _store = options.Store == JournalStoreKind.Sqlite
            ? new SqliteJournalStore(Path.Combine(options.Folder, SqliteJournalStore.FileName))
            : new PostgresJournalStore(options.ConnectionString ?? throw new ArgumentException("PostgreSQL needs a connection string.", nameof(options)), logger);
        _keys = new SigningKeys(options.KeysFolder);
        _executor = new Executor<TState, TEvent>(definition, _store, options, clock, logger) { OnPublished = UseKeys };
    }

    /// <inheritdoc/>
    public override string Service => _definition.Service;

    /// <inheritdoc/>
    public override bool IsReady => _ready;

    /// <inheritdoc/>
    public override string? Problem
        => _executor.Broken?.Message
            ?? (_stopped ? "The journal is stopped."
                : !_ready ? "The journal is being replayed."
                : _executor.StoreFailure is InvalidDataException unreadable ? unreadable.Message
                : _executor.StoreFailure is not null ? "The store cannot be reached."
                : null);

    /// <inheritdoc/>
    public override string? SignedHead => _signedHead;

    /// <summary>Tests throw here.</summary>
    internal Action<WriteStep>? Faults
    {
        set => _executor.Faults = value;
    }

    /// <summary>
    /// Executes a command: decided in order with all others, durable when this returns. A command whose caller cancels before
    /// its turn never happens; one that is under way is finished without him.
    /// </summary>
    /// <returns>The reply (new, or the stored one of the same key and input) or the domain's rejection.</returns>
    /// <exception cref="JournalOverloadedException">The queue is full.</exception>
    /// <exception cref="JournalUnavailableException">Not ready, the wait was too long, or the store is down.</exception>
    /// <exception cref="IdempotencyKeyReusedException">The key was used before with another input.</exception>
    /// <exception cref="RowsRefusedException">The store refused what the command wanted to write.</exception>
    /// <exception cref="ArgumentException">Actor, rpc or key is not 1 to 200 characters.</exception>
    public Task<CommandResult<TRejection, TReply>> ExecuteAsync<TRejection, TReply>(
        Command<TState, TEvent, TRejection, TReply> command, CancellationToken ct)
        where TRejection : class
        where TReply : class, IMessage<TReply>, new()
    {
        CheckName(command.Actor, nameof(command.Actor));
        CheckName(command.Rpc, nameof(command.Rpc));
        if (command.Key is not null)
        {
            CheckName(command.Key, nameof(command.Key));
        }

        return RunAsync(
            new PendingCommand<TState, TEvent, TRejection, TReply>(_definition, command)
            {
                Actor = command.Actor,
                Id = command.Key is null ? null : new CommandId(command.Actor, command.Rpc, command.Key),
                InputHash = command.Key is null ? default : HashInput(command.Input),
            },
            ct);
    }

    /// <summary>
    /// Gives an integration event its effect, exactly once: events and cursor are written in one transaction, as
    /// <c>system:{source}</c>. A rejection is recorded in the journal's own stream and the cursor moves on.
    /// </summary>
    /// <param name="consumed">The event and its place.</param>
    /// <param name="decide">State → events or rejection; pure, as in a command.</param>
    /// <param name="describe">The rejection in words, for the list of rejected events.</param>
    /// <param name="ct">Gives up before the turn comes.</param>
    /// <exception cref="ConsumerGapException">The event before it has not been consumed yet.</exception>
    /// <exception cref="JournalOverloadedException">The queue is full.</exception>
    /// <exception cref="JournalUnavailableException">Not ready, the wait was too long, or the store is down.</exception>
    public Task<Consumption> ConsumeAsync<TRejection>(
        ConsumedEvent consumed,
        Func<TState, DecideContext, Decision<TEvent, TRejection>> decide,
        Func<TRejection, string> describe,
        CancellationToken ct)
        where TRejection : class
        => RunAsync(
            new PendingConsumption<TState, TEvent, TRejection>(_definition, consumed, _clock.GetUtcNow(), decide, describe)
            {
                Actor = $"system:{consumed.Source}",
                Consumed = consumed,
            },
            ct);

    /// <summary>A signed receipt for a row: call it in <see cref="Command{TState, TEvent, TRejection, TReply}.Reply"/>.</summary>
    /// <param name="row">The row, with position and hash.</param>
    /// <param name="facts">What the receipt vouches for, for example decision, member state and position.</param>
    public string SignReceipt(JournalEvent<TEvent> row, params IEnumerable<KeyValuePair<string, string>> facts)
        => _keys.Sign(new Receipt(
            Service, JournalId, row.Position, row.Hash, row.RecordedAt, facts.ToDictionary(fact => fact.Key, fact => fact.Value, StringComparer.Ordinal)));

    /// <inheritdoc/>
    public override Task RotateSigningKeyAsync(KeyPurpose purpose, string actor, CancellationToken ct) => RunAsync(
        new PendingSystemCommand<TState, TEvent>(system =>
        [
            _keys.Create(purpose),
            .. system.Keys.Where(key => key.Purpose == purpose && key.RetiredAt is null).Select(key => new SystemEvent.SigningKeyRetired(key.Kid)),
        ])
        {
            Actor = actor,
        },
        ct);

    private async Task<T> RunAsync<T>(Pending<TState, TEvent, T> pending, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        if (!_ready)
        {
            throw new JournalUnavailableException($"The journal of '{Service}' is not ready.");
        }

        return await EnqueueAsync(pending, _options.QueueWait, ct);
    }

    private async Task<T> EnqueueAsync<T>(Pending<TState, TEvent, T> pending, TimeSpan wait, CancellationToken ct)
    {
        if (!_executor.TryEnqueue(pending))
        {
            throw _stopped
                ? new JournalUnavailableException($"The journal of '{Service}' is shutting down.")
                : new JournalOverloadedException(Service, _options.QueueLimit);
        }

        try
        {
            return await pending.Answered.WaitAsync(wait, _clock, ct);
        }
        catch (TimeoutException) when (!pending.Answered.IsCompleted)
        {
            // Still in the queue: it never happens. Already in a batch: it will be answered.
            if (pending.TryExpire())
            {
                throw new JournalUnavailableException($"The command waited {wait.TotalSeconds:0.#} s for its turn; nothing was written.");
            }

            return await pending.Answered.WaitAsync(ct);
        }
        catch (OperationCanceledException)
        {
            pending.TryExpire();
            throw;
        }
    }

    private static Digest HashInput(IMessage input)
    {
        // Map entries are written in order of their keys, or the same request could hash in two ways.
        var name = input.Descriptor.FullName;
        var bytes = new byte[CodedOutputStream.ComputeStringSize(name) + input.CalculateSize()];
        var output = new CodedOutputStream(bytes) { Deterministic = true };
        output.WriteString(name);
        input.WriteTo(output);
        output.CheckNoSpaceLeft();
        Span<byte> hash = stackalloc byte[Digest.LengthBytes];
        SHA256.HashData(bytes, hash);
        return new Digest(hash);
    }

    private static void CheckName(string value, string name)
    {
        if (value.Length is 0 or > StoreLimits.NameLength || value.Contains('\0', StringComparison.Ordinal))
        {
            throw new ArgumentException($"{name} must be 1 to {StoreLimits.NameLength} characters without NUL.", name);
        }
    }
}
