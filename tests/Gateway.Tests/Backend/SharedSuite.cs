namespace ExternalAction.Gateway.Tests.Backend;

/// <summary>One suite for the tests that change nothing which others could notice.</summary>
public sealed class SharedSuite : IAsyncLifetime
{
    public Suite Suite { get; private set; } = null!;

    public async Task InitializeAsync() => Suite = await Suite.StartAsync();

    public async Task DisposeAsync()
    {
        await Suite.DisposeAsync();

        // What the service was asked to throw is an Error of its own; any other is a fault of ours.
        Assert.DoesNotContain(Suite.Log.Errors, line => !line.Contains("Unforeseen fault in /externalaction.probe.v1.Probe/Fail", StringComparison.Ordinal));
    }
}

[CollectionDefinition(Name)]
public sealed class Shared : ICollectionFixture<SharedSuite>
{
    public const string Name = "one suite";
}
