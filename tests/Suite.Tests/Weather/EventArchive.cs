using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using ExternalAction.Contracts.Events;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace ExternalAction.Suite.Tests.Weather;

/// <summary>A consumer of a service's events that somebody else might have written: a RabbitMQ client and a queue that the relay declares.</summary>
internal static class EventArchive
{
    /// <summary>How many events wait in a queue; it must exist, and nobody may be reading it. They are looked at and given back.</summary>
    public static async Task<int> WaitingAsync(string broker, string queue, CancellationToken over)
    {
        await using var connection = await new ConnectionFactory { Uri = new Uri(broker) }.CreateConnectionAsync(over);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: over);
        var there = await channel.QueueDeclarePassiveAsync(queue, over);
        Assert.Equal(0u, there.ConsumerCount);
        var arrived = await ConsumeAsync(channel, queue, autoAck: false, over);
        var count = 0;
        for (var i = 0; i < there.MessageCount; i++)
        {
            count += EventsIn(await arrived.ReadAsync(over)).Count;
        }
        return count;
    }

    /// <summary>
    /// Reads from the first event of the journal until the one of the last row. Each names the one before it: an event missing, or out
    /// of order, fails; one told twice is passed, as consumers do.
    /// </summary>
    public static async Task<List<IntegrationEvent>> ReadAsync(string broker, string queue, long last, CancellationToken over)
    {
        await using var connection = await new ConnectionFactory { Uri = new Uri(broker) }.CreateConnectionAsync(over);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: over);
        var arrived = await ConsumeAsync(channel, queue, autoAck: true, over);
        var events = new List<IntegrationEvent>();
        var seen = (Position: 0L, Index: 0);
        while (seen.Position < last)
        {
            foreach (var envelope in EventsIn(await arrived.ReadAsync(over)))
            {
                var place = (envelope.Position, envelope.Index);
                if (place.CompareTo(seen) <= 0)
                {
                    continue;
                }
                Assert.Equal(seen, (envelope.PreviousPosition, envelope.PreviousIndex));
                seen = place;
                events.Add(envelope);
            }
        }
        return events;
    }

    private static async Task<ChannelReader<byte[]>> ConsumeAsync(IChannel channel, string queue, bool autoAck, CancellationToken over)
    {
        var arrived = Channel.CreateUnbounded<byte[]>();
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += async (_, message) => await arrived.Writer.WriteAsync(message.Body.ToArray(), over);
        await channel.BasicConsumeAsync(queue, autoAck, consumer, over);
        return arrived.Reader;
    }

    /// <summary>An event alone, or several that travel together.</summary>
    internal static List<IntegrationEvent> EventsIn(ReadOnlyMemory<byte> body)
    {
        var message = JsonNode.Parse(body.Span)!["message"]!;
        return message["events"] is { } several
            ? several.Deserialize<List<IntegrationEvent>>(JsonSerializerOptions.Web)!
            : [message.Deserialize<IntegrationEvent>(JsonSerializerOptions.Web)!];
    }
}
