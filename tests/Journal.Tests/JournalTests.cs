using ExternalAction.Testing;

namespace ExternalAction.Journal.Tests;

/// <summary>Base of the tests that both stores must pass; the two sealed classes below each group name the store.</summary>
public abstract class JournalTests
{
    /// <summary>A fresh, empty store.</summary>
    protected abstract Task<JournalHome> NewHomeAsync();
}

/// <summary>One PostgreSQL server for all of these tests.</summary>
[CollectionDefinition(OnePostgres.Name)]
public sealed class OnePostgres : ICollectionFixture<PostgresServer>
{
    public const string Name = "PostgreSQL";
}
