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
    /// <summary>How many events wait in a queue; it must exist, and nobody may be reading it.</summary>
    public static async Task<uint> WaitingAsync(string broker, string queue, CancellationToken over)
    {
        await using var connection = await new ConnectionFactory { Uri = new Uri(broker) }.CreateConnectionAsync(over);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: over);
        var there = await channel.QueueDeclarePassiveAsync(queue, over);
        Assert.Equal(0u, there.ConsumerCount);
        return there.MessageCount;
    }

    /// <summary>
    /// Reads from the first event of the journal until the one of the last row. Each names the one before it: an event missing, or out
    /// of order, fails; one told twice is passed, as consumers do.
    /// </summary>
    public static async Task<List<IntegrationEvent>> ReadAsync(string broker, string queue, long last, CancellationToken over)
    {
        await using var connection = await new ConnectionFactory { Uri = new Uri(broker) }.CreateConnectionAsync(over);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: over);
        var arrived = Channel.CreateUnbounded<byte[]>();
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += async (_, message) => await arrived.Writer.WriteAsync(message.Body.ToArray(), over);
        await channel.BasicConsumeAsync(queue, autoAck: true, consumer, over);
        var events = new List<IntegrationEvent>();
        var seen = (Position: 0L, Index: 0);
        while (seen.Position < last)
        {
            var envelope = JsonNode.Parse(await arrived.Reader.ReadAsync(over))!["message"]!.Deserialize<IntegrationEvent>(JsonSerializerOptions.Web)!;
            var place = (envelope.Position, envelope.Index);
            if (place.CompareTo(seen) <= 0)
            {
                continue;
            }
            Assert.Equal(seen, (envelope.PreviousPosition, envelope.PreviousIndex));
            seen = place;
            events.Add(envelope);
        }
        return events;
    }
}
