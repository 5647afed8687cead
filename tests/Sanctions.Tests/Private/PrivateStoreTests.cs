using ExternalAction.Journal;
using ExternalAction.Sanctions.Private;
using ExternalAction.Testing;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;

namespace ExternalAction.Sanctions.Tests.Private;

public sealed class PrivateStoreOnSqlite() : PrivateStoreTests(null);

[Collection(OnePostgres.Name), Trait("Needs", "Servers")]
public sealed class PrivateStoreOnPostgres(PostgresServer server) : PrivateStoreTests(server)
{
    [Fact]
    public async Task While_the_database_is_down_the_store_says_so_and_work_is_not_claimed()
    {
        await using var own = new PostgresServer();
        await own.InitializeAsync();
        await using var home = await PrivateHome.OnAsync(own);
        var (store, database) = await OpenAsync(home);
        var claim = (await WorkClaim.TryTakeAsync(database, "w", default))!;
        await own.KillAsync();
        home.Clock.Time += TimeSpan.FromMinutes(1);
        Assert.Equal(HealthStatus.Unhealthy, (await HealthAsync(store)).Status);
        await Assert.ThrowsAsync<JournalUnavailableException>(() => claim.ConfirmAsync(default));
        await Assert.ThrowsAsync<JournalUnavailableException>(() => WorkClaim.TryTakeAsync(database, "w", default));
        await claim.DisposeAsync();
        await own.StartAsync();
        Assert.Equal(HealthStatus.Healthy, (await HealthAsync(store)).Status);
        Assert.NotNull(await WorkClaim.TryTakeAsync(database, "w", default));
    }

    [Fact]
    public async Task A_claim_whose_owner_is_gone_is_free()
    {
        await using var home = await PrivateHome.OnAsync(Server);
        var (one, other) = (home.Database(), home.Database());
        var claim = (await WorkClaim.TryTakeAsync(one, "w", default))!;
        Assert.Null(await WorkClaim.TryTakeAsync(other, "w", default));
        await other.WriteAsync(c => c.RunAsync("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())", default), default);
        await Assert.ThrowsAsync<JournalUnavailableException>(() => claim.ConfirmAsync(default));
        // The server lets go of the locks a moment after it has told the owner.
        WorkClaim? taken;
        while ((taken = await WorkClaim.TryTakeAsync(other, "w", default)) is null)
        {
            await Task.Delay(20);
        }
        await using (taken)
        {
            await taken.ConfirmAsync(default);
        }
        await claim.DisposeAsync();
    }
}

/// <summary>Whether the store can be written is known before a screening fails for it; and work that one does for all is claimed in it.</summary>
public abstract class PrivateStoreTests(PostgresServer? server)
{
    protected PostgresServer? Server => server;

    [Fact]
    public async Task A_store_that_cannot_be_written_is_unhealthy_and_says_why()
    {
        await using var home = await PrivateHome.OnAsync(server);
        var (store, database) = await OpenAsync(home);
        Assert.Equal(HealthStatus.Healthy, (await HealthAsync(store)).Status);

        // Nobody writes, and the next look at its health finds out.
        await database.WriteAsync(c => c.RunAsync(
            server is null ? "CREATE TRIGGER full BEFORE UPDATE ON master_keys BEGIN SELECT RAISE(ABORT, 'no room is left'); END" : "ALTER TABLE master_keys ADD CONSTRAINT no_room_is_left CHECK (created_at < 0) NOT VALID", default), default);
        home.Clock.Time += TimeSpan.FromMinutes(1);
        var told = await HealthAsync(store);
        Assert.Equal(HealthStatus.Unhealthy, told.Status);
        Assert.Matches("^Nothing is screened or stored: .*no.room.is.left", told.Description);

        await database.WriteAsync(c => c.RunAsync(server is null ? "DROP TRIGGER full" : "ALTER TABLE master_keys DROP CONSTRAINT no_room_is_left", default), default);
        Assert.Equal(HealthStatus.Healthy, (await HealthAsync(store)).Status);
    }

    [Fact]
    public async Task Work_is_claimed_by_one_and_free_when_it_is_done()
    {
        await using var home = await PrivateHome.OnAsync(server);
        var database = home.Database();
        await using (var claim = await WorkClaim.TryTakeAsync(database, "w", default))
        {
            Assert.NotNull(claim);
            Assert.Null(await WorkClaim.TryTakeAsync(database, "w", default));
            await using var another = await WorkClaim.TryTakeAsync(database, "v", default);
            Assert.NotNull(another);
            await claim.ConfirmAsync(default);
        }
        await using var again = await WorkClaim.TryTakeAsync(database, "w", default);
        Assert.NotNull(again);
    }

    private protected static async Task<(PrivateStore Store, PrivateDatabase Database)> OpenAsync(PrivateHome home)
    {
        var database = home.Database();
        var store = new PrivateStore(home.Vault(database), database, home.Clock, NullLogger<PrivateStore>.Instance);
        Assert.Equal(HealthStatus.Unhealthy, (await HealthAsync(store)).Status);
        await store.StartAsync(default);
        await store.ExecuteTask!;
        return (store, database);
    }

    private protected static Task<HealthCheckResult> HealthAsync(PrivateStore store) => store.CheckHealthAsync(new HealthCheckContext());
}
