using ExternalAction.Testing;

// Every group of tests on each store. Nothing else belongs into this file.
namespace ExternalAction.Journal.Tests;

public sealed class ExecutionOnSqlite : ExecutionTests
{
    protected override Task<JournalHome> NewHomeAsync() => OnSqlite();
}

[Collection(OnePostgres.Name), Trait("Needs", "Servers")]
public sealed class ExecutionOnPostgres(PostgresServer server) : ExecutionTests
{
    protected override Task<JournalHome> NewHomeAsync() => OnPostgres(server);
}

public sealed class IdempotencyOnSqlite : IdempotencyTests
{
    protected override Task<JournalHome> NewHomeAsync() => OnSqlite();
}

[Collection(OnePostgres.Name), Trait("Needs", "Servers")]
public sealed class IdempotencyOnPostgres(PostgresServer server) : IdempotencyTests
{
    protected override Task<JournalHome> NewHomeAsync() => OnPostgres(server);
}

public sealed class FaultOnSqlite : FaultTests
{
    protected override Task<JournalHome> NewHomeAsync() => OnSqlite();
}

[Collection(OnePostgres.Name), Trait("Needs", "Servers")]
public sealed class FaultOnPostgres(PostgresServer server) : FaultTests
{
    protected override Task<JournalHome> NewHomeAsync() => OnPostgres(server);
}

public sealed class HistoryOnSqlite : HistoryTests
{
    protected override Task<JournalHome> NewHomeAsync() => OnSqlite();
}

[Collection(OnePostgres.Name), Trait("Needs", "Servers")]
public sealed class HistoryOnPostgres(PostgresServer server) : HistoryTests
{
    protected override Task<JournalHome> NewHomeAsync() => OnPostgres(server);
}

public sealed class ConsumerOnSqlite : ConsumerTests
{
    protected override Task<JournalHome> NewHomeAsync() => OnSqlite();
}

[Collection(OnePostgres.Name), Trait("Needs", "Servers")]
public sealed class ConsumerOnPostgres(PostgresServer server) : ConsumerTests
{
    protected override Task<JournalHome> NewHomeAsync() => OnPostgres(server);
}

public sealed class SigningOnSqlite : SigningTests
{
    protected override Task<JournalHome> NewHomeAsync() => OnSqlite();
}

[Collection(OnePostgres.Name), Trait("Needs", "Servers")]
public sealed class SigningOnPostgres(PostgresServer server) : SigningTests
{
    protected override Task<JournalHome> NewHomeAsync() => OnPostgres(server);
}

public sealed class VerificationOnSqlite : VerificationTests
{
    protected override Task<JournalHome> NewHomeAsync() => OnSqlite();
}

[Collection(OnePostgres.Name), Trait("Needs", "Servers")]
public sealed class VerificationOnPostgres(PostgresServer server) : VerificationTests
{
    protected override Task<JournalHome> NewHomeAsync() => OnPostgres(server);
}
