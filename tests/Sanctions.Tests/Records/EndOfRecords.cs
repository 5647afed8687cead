using ExternalAction.Sanctions.Domain;
using ExternalAction.Sanctions.Records;
using ExternalAction.Sanctions.Tests.Private;
using ExternalAction.Testing;
using Microsoft.Extensions.Configuration;

namespace ExternalAction.Sanctions.Tests.Records;

public sealed class EndOfRecordsOnSqlite() : EndOfRecords(null);

[Collection(OnePostgres.Name), Trait("Needs", "Servers")]
public sealed class EndOfRecordsOnPostgres(PostgresServer server) : EndOfRecords(server);

/// <summary>Records are deleted when their time has come, and not before; the journal says which.</summary>
public abstract class EndOfRecords(PostgresServer? server)
{
    [Fact]
    public async Task When_the_newest_record_of_a_batch_has_expired_the_batch_goes_with_queries_and_keys_and_the_journal_says_so()
    {
        await using var service = await RecordsHome.StartAsync(await PrivateHome.OnAsync(server), new ScreeningRetention { Kept = TimeSpan.FromDays(30) });
        var first = service.New([1, 2, 3]);
        await service.Records.AppendAsync([first], patient: false, default);
        service.Home.Clock.Time += TimeSpan.FromSeconds(11);
        await service.RecordAsync(2);
        service.Home.Clock.Time += TimeSpan.FromDays(30) - TimeSpan.FromSeconds(1);
        Assert.Equal(0, await service.Seals.ExpireAsync(default)); // not sealed yet
        await service.Seals.SealAsync(default);
        Assert.Equal(1, await service.Seals.ExpireAsync(default));
        Assert.Equal(0, await service.Seals.ExpireAsync(default));
        Assert.Equal(2, (await service.AllAsync()).Count);
        Assert.Empty(await service.Vault.FindAsync([first.Record.KeyId], default));
        var gone = Assert.Single(await service.JournaledAsync<ScreeningsExpired>());
        Assert.Equal((1L, 1), (gone.Records, gone.Batches.Count));

        service.Home.Clock.Time += TimeSpan.FromMinutes(1);
        Assert.Equal(2, await service.Seals.ExpireAsync(default));
        Assert.Empty(await service.AllAsync());
        Assert.Equal([1L, 2L], (await service.JournaledAsync<ScreeningsExpired>()).Select(e => e.Records));
    }

    [Fact]
    public async Task A_deletion_that_was_interrupted_is_finished_and_told_once()
    {
        await using var service = await RecordsHome.StartAsync(await PrivateHome.OnAsync(server), new ScreeningRetention { Kept = TimeSpan.FromDays(1), BatchRecords = 1 });
        await service.RecordAsync(1);
        await service.RecordAsync(1);
        service.Home.Clock.Time += TimeSpan.FromDays(2);
        await service.Seals.SealAsync(default);

        // The step was taken, told and half done; then the service was killed.
        var (step, batches) = Assert.Single(await service.Table.ExpiringAsync("step1", service.Home.Clock.Time, 100, default));
        Assert.Equal(("step1", 2), (step, batches.Count));
        Assert.Equal(2, await service.Seals.ExpireAsync(default));
        Assert.Empty(await service.AllAsync());
        var told = Assert.Single(await service.JournaledAsync<ScreeningsExpired>());
        Assert.Equal(batches.Select(b => b.Id), told.Batches);
    }

    [Fact]
    public async Task Another_retention_after_a_restart_holds_for_later_screenings_only()
    {
        await using var home = await PrivateHome.OnAsync(server);
        foreach (var days in (int[])[30, 5, 60])
        {
            await using var service = await RecordsHome.StartAsync(home, new ScreeningRetention { Kept = TimeSpan.FromDays(days) }, owns: false);
            await service.RecordAsync(1);
            await service.StopAsync();
        }
        await using var last = await RecordsHome.StartAsync(home, new ScreeningRetention { Kept = TimeSpan.FromDays(1) }, owns: false);
        var start = home.Clock.Time;
        foreach (var (day, left) in ((int, int[])[])[(4, [5, 30, 60]), (5, [30, 60]), (29, [30, 60]), (30, [60]), (59, [60]), (60, [])])
        {
            home.Clock.Time = start.AddDays(day);
            await last.Seals.ExpireAsync(default);
            Assert.Equal(left, (await last.AllAsync()).Select(s => (int)(s.Record.ExpiresAt - s.Record.ScreenedAt).TotalDays).Order());
        }
    }

    [Theory]
    [InlineData(null, 1827)]
    [InlineData("1", 1)]
    [InlineData("36525", 36525)]
    [InlineData("0", null)]
    [InlineData("36526", null)]
    [InlineData("ten", null)]
    public void The_retention_is_five_years_or_a_number_of_days_that_is_set(string? set, int? days)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(set is null ? [] : [new("Screenings:RetentionDays", set)]).Build();
        if (days is { } kept)
        {
            Assert.Equal(kept, ScreeningRetention.FromConfiguration(configuration).Kept.TotalDays);
            return;
        }
        Assert.Contains($"'{set}'", Assert.Throws<InvalidOperationException>(() => ScreeningRetention.FromConfiguration(configuration)).Message, StringComparison.Ordinal);
    }
}
