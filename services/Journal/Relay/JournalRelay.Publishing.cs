using ExternalAction.Contracts.Events;
using RabbitMQ.Client;

namespace ExternalAction.Journal.Relay;

/// <content>One term of office: queues, beginning, events, checkpoint.</content>
internal sealed partial class JournalRelay<TState, TEvent>
{
    private static readonly TimeSpan CheckpointInterval = TimeSpan.FromSeconds(1);

    /// <summary>Events that follow each other closely travel together: one read, one wait for the broker, one word to the caches.</summary>
    private static readonly TimeSpan SweepPause = TimeSpan.FromMilliseconds(20);

    private static readonly TimeSpan DeclarationSettles = TimeSpan.FromSeconds(2);

    private readonly string _exchange = Subscriptions.ExchangeOf(journal.Service);
    private RelayCheckpoint _stored = new(0, EventPlace.Start);
    private long _storedAt;

    /// <summary>Declares the queues; returns the connection on which that was done.</summary>
    private async Task<IConnection> DeclareQueuesAsync(CancellationToken ct)
    {
        var connection = await broker.ConnectAsync($"relay of {journal.Service}", ct);
        try
        {
            var created = await BusQueue.DeclareAsync(connection, journal.Service, settings.Queues, ct);
            if (created.Count > 0)
            {
                LogCreated(journal.Service, string.Join(", ", created));
            }

            // RabbitMQ writes a new queue's name to disk half a second late: killed before that, it has forgotten the queue and
            // every event it confirmed for it. The queue may be new although another created it.
            await Task.Delay(DeclarationSettles, clock, ct);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Behind the checkpoint; without a broker behind what the slowest consumer of this process has consumed.</summary>
    private async Task<RelayCheckpoint> BeginAsync(CancellationToken ct)
    {
        if (!broker.IsInMemory || _consumers.Count == 0)
        {
            return await journal.ReadCheckpointAsync(broker.RelayName, ct);
        }

        var reached = await Task.WhenAll(_consumers.Select(consumer => consumer.LoadReachedAsync(journal.JournalId, ct)));

        // That row itself once more: it may have had events after that one.
        var slowest = reached.Min();
        return new RelayCheckpoint(Math.Max(slowest.Position - 1, 0), slowest);
    }

    private async Task PublishAsync(RelayLease lease, EventSender sender, CancellationToken ct)
    {
        var outstanding = new Outstanding(journal.JournalId, broker.IsInMemory ? _consumers : []);
        var republisher = new Republisher<TState, TEvent>(journal, map, sender, settings, clock, logger);
        while (true)
        {
            // 5. Row by row, up to what is published: the state is then at or after every row. Copies elsewhere are out of date already.
            var published = journal.Current;
            if (published.Position > _reached.Position)
            {
                await sender.TellAsync(new JournalMoved(journal.Service, journal.JournalId, published.Position), ct);
                await PublishUpToAsync(published, lease, sender, outstanding, ct);
            }

            await StoreCheckpointAsync(lease, ct);

            if (!broker.IsInMemory)
            {
                await republisher.CarryOutAsync(_reached, ct);
            }

            if (await HasMoreAsync(ct))
            {
                await Task.Delay(SweepPause, clock, ct);
            }
            else
            {
                await lease.ConfirmAsync(ct);
            }
        }
    }

    private async Task PublishUpToAsync(Snapshot<TState> published, RelayLease lease, EventSender sender, Outstanding outstanding, CancellationToken ct)
    {
        var sent = _reached;
        await foreach (var row in journal.ReadEventsAsync(_reached.Position, published.Position, ct))
        {
            foreach (var (place, envelope) in map.Of(published.State, row, sent.LastEvent))
            {
                await outstanding.AddAsync(place, ct);
                await sender.SendAsync(_exchange, envelope, ct);
                sent = sent with { LastEvent = place };
                Faults?.Invoke(RelayStep.Sent);
                if (sender.IsFull)
                {
                    await ConfirmAsync(sent, lease, sender, ct);
                }
            }

            sent = sent with { Position = row.Position };
        }

        // The rows in between are the journal's own and mean nothing to others.
        await ConfirmAsync(sent with { Position = published.Position }, lease, sender, ct);
    }

    /// <summary>What was sent is with the broker; only then it is reached.</summary>
    private async Task ConfirmAsync(RelayCheckpoint sent, RelayLease lease, EventSender sender, CancellationToken ct)
    {
        await sender.ConfirmAsync(ct);
        Faults?.Invoke(RelayStep.Confirmed);
        status.Reached = _reached = sent;
        _backoff.Reset();
        await StoreCheckpointAsync(lease, ct);
    }

    /// <summary>Waits for rows; false if there were none for a while and it is time to look around.</summary>
    private async Task<bool> HasMoreAsync(CancellationToken ct)
    {
        using var pause = new CancellationTokenSource(CheckpointInterval, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(pause.Token, ct);
        try
        {
            await journal.WaitForRowsAsync(_reached.Position, either.Token);
            return true;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task StoreCheckpointAsync(RelayLease lease, CancellationToken ct)
    {
        if (_reached == _stored || clock.GetElapsedTime(_storedAt) < CheckpointInterval)
        {
            return;
        }

        Faults?.Invoke(RelayStep.MovingCheckpoint);
        await lease.MoveCheckpointAsync(_reached, ct);
        (_stored, _storedAt) = (_reached, clock.GetTimestamp());
    }

    /// <summary>At the end of a term, so that the next begins without repetitions; if it fails, it begins with some.</summary>
    private async Task StoreCheckpointQuietlyAsync(RelayLease lease)
    {
        try
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2), clock);
            _storedAt = 0;
            await StoreCheckpointAsync(lease, limit.Token);
        }
        catch (Exception failure)
        {
            LogCheckpoint(journal.Service, failure.Message);
        }
    }
}

/// <summary>Where a test can interrupt the relay.</summary>
internal enum RelayStep
{
    /// <summary>An event is handed to the sender; it may be with the broker or not.</summary>
    Sent,

    /// <summary>The broker has everything that was sent; nothing here says so yet.</summary>
    Confirmed,

    /// <summary>The checkpoint is about to be moved.</summary>
    MovingCheckpoint,
}
