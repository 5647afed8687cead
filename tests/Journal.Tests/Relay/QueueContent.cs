using System.Text.Json;
using System.Text.Json.Nodes;
using ExternalAction.Contracts.Events;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace ExternalAction.Journal.Tests.Relay;

/// <summary>What stands in a queue, read as somebody would who has nothing but a RabbitMQ client and the page on events.</summary>
internal static class QueueContent
{
    /// <summary>Takes all messages out of a queue that is not empty: the id of each, and its events.</summary>
    public static async Task<List<(string? Id, IReadOnlyList<IntegrationEvent> Events)>> TakeAsync(string broker, string queue)
    {
        await using var connection = await new ConnectionFactory { Uri = new Uri(broker) }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        var count = await channel.MessageCountAsync(queue);
        var messages = new List<(string? Id, IReadOnlyList<IntegrationEvent> Events)>();
        var all = new TaskCompletionSource();
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, message) =>
        {
            var body = JsonNode.Parse(message.Body.Span)!["message"]!;
            messages.Add((message.BasicProperties.MessageId, body["events"] is { } several
                ? several.Deserialize<List<IntegrationEvent>>(JsonSerializerOptions.Web)!
                : [body.Deserialize<IntegrationEvent>(JsonSerializerOptions.Web)!]));
            if (messages.Count == count)
            {
                all.SetResult();
            }

            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(queue, autoAck: true, consumer);
        await all.Task;
        return messages;
    }
}
