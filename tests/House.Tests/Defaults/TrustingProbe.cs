// What most tests of callers begin with: a local authority, and a process that trusts it.
namespace ExternalAction.House.Tests.Defaults;

/// <summary>Base of tests that call a probe with tokens of a real authority. At the end the process has logged no error.</summary>
public abstract class TrustingProbe : IAsyncLifetime
{
    /// <summary>The authority.</summary>
    protected Issuer Issuer { get; private set; } = null!;

    /// <summary>The process.</summary>
    protected ProbeHost Host { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Issuer = await Issuer.StartAsync();
        Host = await ProbeHost.StartAsync(ProbeHost.Trusting(Issuer));
    }

    public async Task DisposeAsync()
    {
        await Host.DisposeAsync();
        await Issuer.DisposeAsync();
        Assert.Empty(Host.Errors);
    }
}
