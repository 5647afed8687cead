using ExternalAction.Contracts.Events;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace ExternalAction.Journal.Relay;

/// <summary>
/// Over RabbitMQ, on one channel of the very connection on which the queues were declared: a channel keeps order, and a
/// confirmation is worth something only from a broker that is known to have the queues. If channel or connection breaks, this
/// sender is done for and says so; nothing is sent again behind its back.
/// <para>
/// Many messages travel before the first is confirmed. The broker counts what a channel publishes from 1, and confirms
/// by number, often many at once; what is not confirmed yet is kept here by number.
/// </para>
/// <para>Events to the same exchange travel together in one message until somebody waits for the confirmation.</para>
/// </summary>
internal sealed class BrokerSender : EventSender
{
    /// <summary>Events on their way at most: enough to hide the way there and back, few enough to send again.</summary>
    private const int WindowMax = 256;

    /// <summary>Events in one message at most. A message costs the broker a place on disk and in every queue, however little is in it.</summary>
    private const int TogetherMax = 128;

    /// <summary>Characters of payload from which on a message leaves, however few events are in it.</summary>
    private const int TogetherPayloadMax = 128 * 1024;

    private readonly IChannel _channel;
    private readonly Lock _gate = new();
    private readonly SortedSet<ulong> _unconfirmed = [];
    private readonly List<IntegrationEvent> _together = [];
    private string _togetherTo = "";
    private int _togetherPayload;
    private int _sinceConfirmed;
    private TaskCompletionSource? _allConfirmed;
    private string? _failure;
    private ulong _number;

    private BrokerSender(IChannel channel)
    {
        _channel = channel;
        channel.BasicAcksAsync += (_, ack) => Confirmed(ack.DeliveryTag, ack.Multiple);
        channel.BasicNacksAsync += (_, nack) => Broken($"The broker did not take message {nack.DeliveryTag} of this channel.");
        channel.ChannelShutdownAsync += (_, shutdown) => Broken($"The connection to the broker was lost: {shutdown.ReplyText}");
    }

    /// <summary>Opens the channel. The connection remains its owner's.</summary>
    public static async Task<BrokerSender> OpenAsync(IConnection connection, CancellationToken ct) => new(await connection.CreateChannelAsync(
        new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: false), ct));

    /// <inheritdoc/>
    public override bool IsFull => _sinceConfirmed >= WindowMax;

    /// <inheritdoc/>
    public override async Task SendAsync(string exchange, IntegrationEvent envelope, CancellationToken ct)
    {
        if (exchange != _togetherTo)
        {
            await LeaveAsync(ct);
            _togetherTo = exchange;
        }

        _together.Add(envelope);
        _togetherPayload += envelope.Payload.Length;
        _sinceConfirmed++;
        if (_together.Count >= TogetherMax || _togetherPayload >= TogetherPayloadMax)
        {
            await LeaveAsync(ct);
        }
    }

    /// <inheritdoc/>
    public override Task TellAsync(JournalMoved moved, CancellationToken ct)
    {
        var id = Guid.NewGuid();
        return PublishAsync(Subscriptions.PositionsOf(moved.Source), id, BusMessage.Write(id, moved), ct);
    }

    /// <inheritdoc/>
    public override async Task ConfirmAsync(CancellationToken ct)
    {
        await LeaveAsync(ct);
        _sinceConfirmed = 0;
        Task all;
        lock (_gate)
        {
            Check();
            if (_unconfirmed.Count == 0)
            {
                return;
            }

            _allConfirmed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            all = _allConfirmed.Task;
        }

        await InTime(all, "confirm", ct);
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync() => _channel.DisposeAsync();

    /// <summary>Sends the events that wait for company, under the id of the first.</summary>
    private async Task LeaveAsync(CancellationToken ct)
    {
        if (_together is not [var first, ..])
        {
            return;
        }

        var id = EventIds.Of(first.JournalId, new EventPlace(first.Position, first.Index));
        var body = _together.Count == 1 ? BusMessage.Write(id, first) : BusMessage.Write(id, new IntegrationEvents(_together));
        _together.Clear();
        _togetherPayload = 0;
        await PublishAsync(_togetherTo, id, body, ct);
    }

    private async Task PublishAsync(string exchange, Guid id, byte[] body, CancellationToken ct)
    {
        lock (_gate)
        {
            Check();
            _unconfirmed.Add(++_number);
        }

        // One after the other: the next is not begun before this one has its place on the wire.
        var properties = new BasicProperties { MessageId = id.ToString(), ContentType = BusMessage.ContentType, DeliveryMode = DeliveryModes.Persistent };
        try
        {
            var publishing = _channel.BasicPublishAsync(exchange, routingKey: "", mandatory: false, properties, body, ct);
            if (!publishing.IsCompletedSuccessfully)
            {
                await InTime(publishing.AsTask(), "take more", ct);
            }
        }
        catch (Exception failure) when (failure is RabbitMQClientException or ObjectDisposedException)
        {
            throw new IOException($"The broker was lost: {failure.Message}", failure);
        }
    }

    private static async Task InTime(Task task, string what, CancellationToken ct)
    {
        try
        {
            await task.WaitAsync(Patience, ct);
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"The broker did not {what} within {Patience.TotalSeconds:0} s.", late);
        }
    }

    private Task Confirmed(ulong number, bool andAllBefore)
    {
        lock (_gate)
        {
            if (andAllBefore)
            {
                while (_unconfirmed.Count > 0 && _unconfirmed.Min <= number)
                {
                    _unconfirmed.Remove(_unconfirmed.Min);
                }
            }
            else
            {
                _unconfirmed.Remove(number);
            }

            if (_unconfirmed.Count == 0)
            {
                _allConfirmed?.TrySetResult();
            }
        }

        return Task.CompletedTask;
    }

    private Task Broken(string reason)
    {
        lock (_gate)
        {
            _failure ??= reason;
            _allConfirmed?.TrySetException(new IOException(_failure));
        }

        return Task.CompletedTask;
    }

    private void Check()
    {
        if (_failure is not null)
        {
            throw new IOException(_failure);
        }
    }
}
