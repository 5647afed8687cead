using ExternalAction.Journal;
using ExternalAction.Sanctions.Domain;
using ExternalAction.Sanctions.Private;
using ExternalAction.Sanctions.Records;
using ExternalAction.Sanctions.Tests.Private;
using ExternalAction.Testing;

namespace ExternalAction.Sanctions.Tests.Records;

public sealed class RecordsOnSqlite() : RecordsOfScreenings(null);

[Collection(OnePostgres.Name), Trait("Needs", "Servers")]
public sealed class RecordsOnPostgres(PostgresServer server) : RecordsOfScreenings(server)
{
    [Fact]
    public async Task While_the_database_is_down_nothing_is_recorded_and_who_waits_is_told_so()
    {
        await using var own = new PostgresServer();
        await own.InitializeAsync();
        await using var service = await RecordsHome.StartAsync(await PrivateHome.OnAsync(own));
        await service.RecordAsync(1);
        await own.KillAsync();
        await Assert.ThrowsAsync<JournalUnavailableException>(() => service.RecordAsync(1));
        await own.StartAsync();
        await service.RecordAsync(1);
        Assert.Equal(2, (await service.AllAsync()).Count);
    }

    [Fact]
    public async Task Replicas_record_side_by_side_and_any_of_them_seals_for_all()
    {
        await using var home = await PrivateHome.OnAsync(Server);
        await using var one = await RecordsHome.StartAsync(home, owns: false);
        await using var other = await RecordsHome.StartAsync(home, owns: false);
        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => (i % 2 == 0 ? one : other).RecordAsync(1)));
        home.Clock.Time += TimeSpan.FromSeconds(11);
        await Task.WhenAll(one.Seals.SealAsync(default), other.Seals.SealAsync(default));
        var all = await one.AllAsync();
        Assert.Equal(200, all.Count);
        Assert.Equal(2, all.Select(s => s.Batch).Distinct().Count());
        Assert.Equal(2, (await one.JournaledAsync<ScreeningsSealed>()).Count);
        foreach (var stored in all)
        {
            Assert.NotNull(await other.Archive.SealOfAsync(stored, default));
        }

        // A batch that another replica closed takes nothing more: its writer goes on in a new one.
        await one.RecordAsync(1);
        var open = (await one.AllAsync()).First().Batch;
        await other.Table.CloseAsync(open, default);
        home.Clock.Time += TimeSpan.FromSeconds(1);
        await one.RecordAsync(1);
        Assert.NotEqual(open, (await one.AllAsync()).First().Batch);
    }
}

/// <summary>Records from the writer to the seal, the proof and the end of their time; as the service runs them, without the rpcs.</summary>
public abstract class RecordsOfScreenings(PostgresServer? server)
{
    protected PostgresServer? Server => server;

    [Fact]
    public async Task What_was_appended_is_there_sealed_after_a_while_by_one_row_and_proved_by_its_root()
    {
        await using var service = await RecordsHome.StartAsync(await PrivateHome.OnAsync(server));
        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => service.RecordAsync(1 + (i % 3), patient: i % 2 == 0)));
        var stored = await service.AllAsync();
        Assert.Equal(99, stored.Count);
        Assert.Equal(stored.Select(s => s.Record.Id).OrderDescending(), stored.Select(s => s.Record.Id));
        Assert.Equal(Enumerable.Range(0, 99), stored.Select(s => s.Place).Order());
        Assert.Null(await service.Archive.SealOfAsync(stored[0], default));
        Assert.Equal(0, await service.Seals.SealAsync(default));

        service.Home.Clock.Time += TimeSpan.FromSeconds(10);
        Assert.Equal(1, await service.Seals.SealAsync(default));
        Assert.Equal(0, await service.Seals.SealAsync(default));
        var sealedAs = Assert.Single(await service.JournaledAsync<ScreeningsSealed>());
        Assert.Equal((stored[0].Batch, 99), (sealedAs.Batch, sealedAs.Records));
        foreach (var one in stored)
        {
            var seal = (await service.Archive.SealOfAsync(one, default))!;
            Assert.True(HashTree.Verify(one.Record.Hash(), one.Place, sealedAs.Records, seal.Proof, Convert.FromHexString(sealedAs.Root)));
        }
    }

    [Fact]
    public async Task A_batch_is_closed_when_it_is_full_or_old()
    {
        await using var service = await RecordsHome.StartAsync(await PrivateHome.OnAsync(server), new ScreeningRetention { BatchRecords = 4 });
        await service.RecordAsync(3);
        await service.RecordAsync(3); // full
        await service.RecordAsync(1);
        service.Home.Clock.Time += TimeSpan.FromSeconds(11);
        await service.RecordAsync(1); // the one before is old
        Assert.Equal([1, 1, 6], (await service.AllAsync()).GroupBy(s => s.Batch).Select(g => g.Count()).Order());
        Assert.Equal(2, await service.Seals.SealAsync(default));
    }

    [Fact]
    public async Task What_a_killed_service_had_recorded_is_sealed_after_its_start_and_what_it_sealed_is_not_sealed_twice()
    {
        await using var home = await PrivateHome.OnAsync(server);
        await using (var service = await RecordsHome.StartAsync(home, owns: false))
        {
            await service.RecordAsync(5);
            home.Clock.Time += TimeSpan.FromSeconds(11);
            await service.Seals.SealAsync(default);
            await service.Database.WriteAsync(c => c.RunAsync("UPDATE screening_batches SET position = NULL", default), default); // the note is lost
            await service.RecordAsync(7);
            await service.KillAsync();
        }
        await using (var again = await RecordsHome.StartAsync(home, owns: false))
        {
            home.Clock.Time += TimeSpan.FromSeconds(11);
            Assert.Equal(2, await again.Seals.SealAsync(default));
            Assert.Equal([5, 7], (await again.JournaledAsync<ScreeningsSealed>()).Select(s => s.Records));
            foreach (var stored in await again.AllAsync())
            {
                Assert.NotNull(await again.Archive.SealOfAsync(stored, default));
            }
        }
    }

    [Fact]
    public async Task A_service_that_stops_cleanly_leaves_nothing_unsealed()
    {
        await using var home = await PrivateHome.OnAsync(server);
        await using (var service = await RecordsHome.StartAsync(home, owns: false))
        {
            await service.RecordAsync(3);
            await service.StopAsync();
            Assert.Equal(3, Assert.Single(await service.JournaledAsync<ScreeningsSealed>()).Records);
            await Assert.ThrowsAsync<JournalUnavailableException>(() => service.RecordAsync(1));
        }
        await using (var again = await RecordsHome.StartAsync(home, owns: false))
        {
            Assert.Equal(0, await again.Seals.SealAsync(default));
            foreach (var stored in await again.AllAsync())
            {
                Assert.NotNull(await again.Archive.SealOfAsync(stored, default));
            }
            await again.StopAsync();
            Assert.Single(await again.JournaledAsync<ScreeningsSealed>());
        }
    }

    [Theory]
    [InlineData("UPDATE screenings SET band = 'NONE' WHERE place = 1", 1)]
    [InlineData("UPDATE screenings SET excluded = 'eu-1' WHERE place = 1", 1)]
    [InlineData("UPDATE screenings SET record_hash = (SELECT record_hash FROM screenings WHERE place = 2) WHERE place = 1", 1)]
    [InlineData("DELETE FROM screenings WHERE place = 2", 1)]
    [InlineData("UPDATE screening_batches SET position = 1", 1)]
    public async Task A_record_or_batch_that_somebody_altered_is_refused_and_not_shown(string tampering, int place)
    {
        await using var service = await RecordsHome.StartAsync(await PrivateHome.OnAsync(server));
        await service.RecordAsync(4);
        service.Home.Clock.Time += TimeSpan.FromSeconds(11);
        await service.Seals.SealAsync(default);
        var id = (await service.AllAsync()).Single(s => s.Place == place).Record.Id;
        await service.TamperAsync(tampering);
        await Assert.ThrowsAsync<ScreeningAlteredException>(async () => await service.Archive.SealOfAsync((await service.Archive.FindAsync(id, default))!, default));
    }

    [Fact]
    public async Task A_record_made_up_with_a_right_hash_of_its_own_does_not_lead_to_the_root()
    {
        await using var service = await RecordsHome.StartAsync(await PrivateHome.OnAsync(server));
        await service.RecordAsync(4);
        service.Home.Clock.Time += TimeSpan.FromSeconds(11);
        await service.Seals.SealAsync(default);
        var stored = (await service.AllAsync())[0];
        var forged = stored.Record with { Band = "NONE", Hits = 0 };
        await service.TamperAsync($"UPDATE screenings SET band = 'NONE', hits = 0, record_hash = @hash WHERE id = '{stored.Record.Id}'", ("hash", forged.Hash()));
        var read = (await service.Archive.FindAsync(stored.Record.Id, default))!;
        Assert.Equal("NONE", read.Record.Band);
        await Assert.ThrowsAsync<ScreeningAlteredException>(() => service.Archive.SealOfAsync(read, default));
    }

    [Fact]
    public async Task The_table_itself_refuses_to_change_a_record()
    {
        await using var service = await RecordsHome.StartAsync(await PrivateHome.OnAsync(server));
        await service.RecordAsync(1);
        await Assert.ThrowsAsync<JournalUnavailableException>(() => service.Database.WriteAsync(c => c.RunAsync("UPDATE screenings SET band = 'NONE'", default), default));
    }

    [Fact]
    public async Task A_kept_query_is_read_again_and_is_nowhere_in_plain_text()
    {
        await using var service = await RecordsHome.StartAsync(await PrivateHome.OnAsync(server));
        var query = QueryForm.Write(new Domain.Screening.ScreeningQuery(["Ivan Ivanovich"]));
        var kept = service.New(query);
        await service.Records.AppendAsync([kept, service.New()], patient: false, default);
        var stored = await service.AllAsync();
        Assert.Equal(query, await service.Table.QueryAsync(stored.Single(s => s.Record.Id == kept.Record.Id), default));
        Assert.Null(await service.Table.QueryAsync(stored.Single(s => s.Record.Id != kept.Record.Id), default));
        Assert.Equal(-1, stored.Single(s => s.Query is not null).Query.AsSpan().IndexOf("Ivan"u8));
    }

    [Fact]
    public async Task Records_are_listed_newest_first_by_client_band_and_time_and_page_by_page()
    {
        await using var service = await RecordsHome.StartAsync(await PrivateHome.OnAsync(server));
        var start = service.Home.Clock.Time;
        for (var i = 0; i < 6; i++)
        {
            service.Home.Clock.Time = start.AddMilliseconds(i * 10).AddMicroseconds(500);
            await service.Records.AppendAsync([service.New(client: i % 2 == 0 ? "a" : "b", band: i == 3 ? "ALERT" : "NONE")], patient: false, default);
        }
        Assert.Equal([4, 2, 0], await IndexesAsync(new ScreeningFilter("a", null, null, null)));
        Assert.Equal([3], await IndexesAsync(new ScreeningFilter(null, null, null, "ALERT")));
        Assert.Equal([5, 4, 2, 1, 0], await IndexesAsync(new ScreeningFilter(null, null, null, "NONE")));
        Assert.Equal([3, 2], await IndexesAsync(new ScreeningFilter(null, start.AddMilliseconds(20).AddMicroseconds(500), start.AddMilliseconds(40).AddMicroseconds(500), null)));
        Assert.Equal([], await IndexesAsync(new ScreeningFilter("c", null, null, null)));
        var page = await service.Table.ListAsync(new ScreeningFilter(null, null, null, null), null, 4, default);
        Assert.Equal([1, 0], (await service.Table.ListAsync(new ScreeningFilter(null, null, null, null), page[^1].Record.Id, 4, default)).Select(Index));

        async Task<IEnumerable<int>> IndexesAsync(ScreeningFilter filter) => (await service.Table.ListAsync(filter, null, 100, default)).Select(Index);
        int Index(StoredScreening stored) => (int)((stored.Record.ScreenedAt - start).TotalMilliseconds / 10);
    }
}
