// The official StackExchange.Redis client over our sockets project, against a real server: every kind of reply and every
// size of it, because what we own is how bytes get in and out and where parsed replies live.
using StackExchange.Redis;

namespace ExternalAction.Compat.Tests;

/// <summary>One server and one connection for all checks of a class.</summary>
public sealed class RedisFixture : IAsyncLifetime
{
    private RedisServer? _server;
    private ConnectionMultiplexer? _connection;

    public RedisServer Server => _server!;

    public ConnectionMultiplexer Connection => _connection!;

    public async Task InitializeAsync()
    {
        _server = await RedisServer.StartAsync();
        _connection = await ConnectionMultiplexer.ConnectAsync(new ConfigurationOptions { EndPoints = { { "127.0.0.1", _server.Port } } });
    }

    public async Task DisposeAsync()
    {
        if (_connection is not null) await _connection.DisposeAsync();
        if (_server is not null) await _server.DisposeAsync();
    }
}

[Trait("Needs", "Servers")]
public class RedisChecks(RedisFixture redis) : IClassFixture<RedisFixture>
{
    private readonly IDatabase _db = redis.Connection.GetDatabase();

    [Fact]
    public async Task Strings_come_back_as_they_were_set_with_their_expiry()
    {
        await _db.StringSetAsync("string:a", "naïve ☂", TimeSpan.FromHours(1));

        Assert.Equal("naïve ☂", await _db.StringGetAsync("string:a"));
        Assert.NotNull(await _db.KeyTimeToLiveAsync("string:a"));
        Assert.Equal(42, await _db.StringIncrementAsync("string:counter", 42));
        Assert.True((await _db.StringGetAsync("string:none")).IsNull);
    }

    [Fact]
    public async Task Hashes_are_read_by_field_as_a_whole_and_by_scan()
    {
        var entries = Enumerable.Range(0, 3000).Select(i => new HashEntry($"field{i}", i)).ToArray();
        await _db.HashSetAsync("hash", entries);

        Assert.Equal(7, await _db.HashGetAsync("hash", "field7"));
        Assert.Equal(entries.ToDictionary(), (await _db.HashGetAllAsync("hash")).ToDictionary());
        var scanned = new Dictionary<RedisValue, RedisValue>();
        await foreach (var entry in _db.HashScanAsync("hash", pageSize: 100)) scanned[entry.Name] = entry.Value;
        Assert.Equal(entries.ToDictionary(), scanned);
    }

    [Fact]
    public async Task Sorted_sets_come_back_in_order_with_their_scores()
    {
        await _db.SortedSetAddAsync("sorted", [new("b", 2.5), new("a", 1), new("c", double.PositiveInfinity)]);

        Assert.Equal([new("a", 1), new("b", 2.5), new("c", double.PositiveInfinity)], await _db.SortedSetRangeByRankWithScoresAsync("sorted"));
    }

    [Fact]
    public async Task A_lua_script_returns_nested_arrays()
    {
        var result = await _db.ScriptEvaluateAsync("return {KEYS[1], {1, {2, {ARGV[1], false}}}, {}}", ["key"], ["value"]);

        var outer = (RedisResult[])result!;
        Assert.Equal("key", (string?)outer[0]);
        Assert.Equal(1, (int)outer[1][0]);
        Assert.Equal(2, (int)outer[1][1][0]);
        Assert.Equal("value", (string?)outer[1][1][1][0]);
        Assert.True(outer[1][1][1][1].IsNull);
        Assert.Equal(0, outer[2].Length);
    }

    [Fact]
    public async Task A_lua_script_returns_an_array_larger_than_any_block()
    {
        var result = await _db.ScriptEvaluateAsync("local t = {} for i = 1, 5000 do t[i] = {i, {i * 2}} end return t");

        Assert.Equal(5000, result.Length);
        Assert.All(Enumerable.Range(1, 5000), i =>
        {
            Assert.Equal(i, (int)result[i - 1][0]);
            Assert.Equal(i * 2, (int)result[i - 1][1][0]);
        });
    }

    [Fact]
    public async Task Five_thousand_published_messages_all_arrive_once()
    {
        const int count = 5000;
        var received = new List<int>();
        var all = new TaskCompletionSource();
        var subscriber = redis.Connection.GetSubscriber();
        var channel = RedisChannel.Literal("news");
        var queue = await subscriber.SubscribeAsync(channel);
        queue.OnMessage(message =>
        {
            received.Add((int)message.Message);
            if (received.Count == count) all.SetResult();
        });

        await Task.WhenAll(Enumerable.Range(0, count).Select(i => subscriber.PublishAsync(channel, i)));
        await all.Task.WaitAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(Enumerable.Range(0, count), received.Order());
    }

    [Fact]
    public async Task Pattern_subscriptions_get_the_channels_that_match()
    {
        var subscriber = redis.Connection.GetSubscriber();
        var queue = await subscriber.SubscribeAsync(RedisChannel.Pattern("case.*"));

        await subscriber.PublishAsync(RedisChannel.Literal("other.1"), "no");
        await subscriber.PublishAsync(RedisChannel.Literal("case.1"), "yes");

        var message = await queue.ReadAsync().AsTask().WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal("case.1", message.Channel.ToString());
        Assert.Equal("yes", message.Message.ToString());
    }

    [Fact]
    public async Task A_value_of_twenty_megabytes_survives_the_way_there_and_back()
    {
        var value = new byte[20_000_000];
        new Random(1).NextBytes(value);

        await _db.StringSetAsync("large", value);

        var back = (byte[]?)await _db.StringGetAsync("large");
        Assert.True(value.AsSpan().SequenceEqual(back));
    }

    [Fact]
    public async Task One_request_reads_twenty_thousand_keys()
    {
        var pairs = Enumerable.Range(0, 20_000).Select(i => KeyValuePair.Create((RedisKey)$"many:{i}", (RedisValue)$"value {i}")).ToArray();
        await _db.StringSetAsync(pairs);

        Assert.Equal(pairs.Select(pair => pair.Value), await _db.StringGetAsync([.. pairs.Select(pair => pair.Key)]));
    }

    [Fact]
    public async Task Concurrent_callers_each_get_their_own_answer()
    {
        await Task.WhenAll(Enumerable.Range(0, 64).Select(async caller =>
        {
            var random = new Random(caller);
            for (var round = 0; round < 100; round++)
            {
                var value = new byte[random.Next(2000)];
                random.NextBytes(value);
                await _db.StringSetAsync($"caller:{caller}", value);
                Assert.Equal(value, (byte[]?)await _db.StringGetAsync($"caller:{caller}"));
            }
        }));
    }

    [Fact]
    public async Task A_stream_delivers_to_a_group_and_remembers_what_is_not_acknowledged()
    {
        await _db.StreamCreateConsumerGroupAsync("stream", "group", "0-0", createStream: true);
        var first = await _db.StreamAddAsync("stream", [new("kind", "opened"), new("case", 1)]);
        var second = await _db.StreamAddAsync("stream", "kind", "closed");

        var read = await _db.StreamReadGroupAsync("stream", "group", "consumer", ">");
        await _db.StreamAcknowledgeAsync("stream", "group", first);
        var pending = await _db.StreamPendingMessagesAsync("stream", "group", 10, RedisValue.Null);

        Assert.Equal([first, second], read.Select(entry => entry.Id));
        Assert.Equal([new("kind", "opened"), new("case", 1)], read[0].Values);
        Assert.Equal(second, Assert.Single(pending).MessageId);
        Assert.Equal(2, (await _db.StreamInfoAsync("stream")).Length);
    }

    [Fact]
    public async Task A_transaction_applies_when_its_condition_holds_and_not_otherwise()
    {
        await _db.StringSetAsync("version", 1);
        async Task<bool> RaiseFrom(int version)
        {
            var transaction = _db.CreateTransaction();
            transaction.AddCondition(Condition.StringEqual("version", version));
            _ = transaction.StringIncrementAsync("version");
            return await transaction.ExecuteAsync();
        }

        Assert.True(await RaiseFrom(1));
        Assert.False(await RaiseFrom(1));
        Assert.Equal(2, await _db.StringGetAsync("version"));
    }

    [Fact]
    public async Task A_server_error_reaches_the_caller_and_the_connection_lives_on()
    {
        await _db.StringSetAsync("text", "not a list");

        var error = await Assert.ThrowsAsync<RedisServerException>(() => _db.ListLeftPushAsync("text", "x"));

        Assert.StartsWith("WRONGTYPE", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<RedisServerException>(() => _db.ExecuteAsync("NOSUCHCOMMAND"));
        Assert.Equal("not a list", await _db.StringGetAsync("text"));
    }

    [Fact]
    public async Task Resp3_connections_get_maps_and_pushed_messages()
    {
        var options = new ConfigurationOptions { EndPoints = { { "127.0.0.1", redis.Server.Port } }, Protocol = RedisProtocol.Resp3 };
        await using var connection = await ConnectionMultiplexer.ConnectAsync(options);
        var db = connection.GetDatabase();
        await db.HashSetAsync("resp3", [new("a", 1), new("b", 2)]);

        Assert.Equal(ResultType.Map, (await db.ExecuteAsync("HGETALL", "resp3")).Resp3Type);
        Assert.Equal(2, (await db.HashGetAllAsync("resp3")).Length);
        var queue = await connection.GetSubscriber().SubscribeAsync(RedisChannel.Literal("resp3"));
        await connection.GetSubscriber().PublishAsync(RedisChannel.Literal("resp3"), "hello");
        Assert.Equal("hello", (await queue.ReadAsync().AsTask().WaitAsync(TimeSpan.FromMinutes(1))).Message.ToString());
    }
}
