using ExternalAction.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace ExternalAction.Journal.Tests;

/// <summary>The journal in a host: one line registers it, the host starts and stops it, health tells about it.</summary>
public sealed class HostingTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ea-host-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_host_starts_the_journal_before_it_is_up_and_stops_it_with_the_last_head()
    {
        using (var host = Build())
        {
            await host.StartAsync();
            var journal = host.Services.GetRequiredService<Journal<AccountsState, AccountEvent>>();
            Assert.Same(journal, Assert.Single(host.Services.GetServices<ServiceJournal>()));
            await journal.ExecuteAsync(Accounts.Deposit("x", 1), default);
            var report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
            Assert.Equal(HealthStatus.Healthy, report.Entries["journal:accounts"].Status);
            Assert.Equal(4L, report.Entries["journal:accounts"].Data["position"]);
            Assert.True(File.Exists(Path.Combine(_folder, "accounts", "journal.db")));
            await host.StopAsync();
            Assert.Equal(HealthStatus.Unhealthy, (await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Status);
        }

        using var again = Build();
        await again.StartAsync();
        Assert.Equal(1, again.Services.GetRequiredService<Journal<AccountsState, AccountEvent>>().Current.State.Total);
        await again.StopAsync();
    }

    [Fact]
    public async Task A_second_process_on_the_same_folder_is_refused_in_plain_words()
    {
        using var first = Build();
        await first.StartAsync();
        using var second = Build();
        var refused = await Assert.ThrowsAsync<JournalUnavailableException>(() => second.StartAsync());
        Assert.Contains("Another process is using the journal", refused.Message, StringComparison.Ordinal);
        await first.StopAsync();
    }

    [Theory, InlineData(null, 2), InlineData("20", 20)]
    public void How_long_a_command_waits_for_its_turn_is_two_seconds_or_as_configured(string? configured, int seconds)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["Journal:QueueWaitSeconds"] = configured }).Build();
        Assert.Equal(TimeSpan.FromSeconds(seconds), JournalOptions.FromConfiguration(configuration, "accounts").QueueWait);
    }

    [Fact]
    public async Task While_the_database_is_missing_the_host_is_up_but_not_ready()
    {
        using var host = Build(new()
        {
            ["Journal:Store"] = "postgres",
            ["Journal:StartWaitSeconds"] = "1",
            ["ConnectionStrings:accounts"] = $"Host=127.0.0.1;Port={FreePort.Next()};Username=x;Database=x",
        });
        await host.StartAsync();
        Assert.Equal(HealthStatus.Unhealthy, (await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Status);
        var journal = host.Services.GetRequiredService<Journal<AccountsState, AccountEvent>>();
        await Assert.ThrowsAsync<JournalUnavailableException>(() => journal.ExecuteAsync(Accounts.Deposit("x", 1), default));
        Assert.Throws<JournalUnavailableException>(() => journal.Current);
        await host.StopAsync();
    }

    [Theory]
    [InlineData("Journal:Store", "oracle", "Journal:Store")]
    [InlineData("Journal:Store", "postgres", "ConnectionStrings:accounts")]
    [InlineData("Journal:HeadSeconds", "soon", "Journal:HeadSeconds")]
    public async Task A_wrong_setting_is_named(string key, string value, string named)
    {
        using var host = Build(new() { [key] = value });
        Assert.Contains(named, (await Assert.ThrowsAsync<InvalidOperationException>(() => host.StartAsync())).Message, StringComparison.Ordinal);
    }

    private IHost Build(Dictionary<string, string?>? settings = null)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Journal:Folder"] = _folder });
        builder.Configuration.AddInMemoryCollection(settings ?? []);
        builder.Services.AddJournal(builder.Configuration, Accounts.Definition);
        return builder.Build();
    }
}
