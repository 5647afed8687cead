using ExternalAction.Testing;

// Every group of tests on each store. Nothing else belongs into this file.
namespace ExternalAction.Journal.Tests;

public sealed class ExecutionOnSqlite() : ExecutionTests(OnSqlite);

[Collection(OnePostgres.Name), Trait("Needs", "Servers")]
public sealed class ExecutionOnPostgres(PostgresServer server) : ExecutionTests(() => OnPostgres(server));

public sealed class IdempotencyOnSqlite() : IdempotencyTests(OnSqlite);

[Collection(OnePostgres.Name), Trait("Needs", "Servers")]
public sealed class IdempotencyOnPostgres(PostgresServer server) : IdempotencyTests(() => OnPostgres(server));

public sealed class FaultOnSqlite() : FaultTests(OnSqlite);

[Collection(OnePostgres.Name), Trait("Needs", "Servers")]
public sealed class FaultOnPostgres(PostgresServer server) : FaultTests(() => OnPostgres(server));

public sealed class HistoryOnSqlite() : HistoryTests(OnSqlite);

[Collection(OnePostgres.Name), Trait("Needs", "Servers")]
public sealed class HistoryOnPostgres(PostgresServer server) : HistoryTests(() => OnPostgres(server));

public sealed class ConsumerOnSqlite() : ConsumerTests(OnSqlite);

[Collection(OnePostgres.Name), Trait("Needs", "Servers")]
public sealed class ConsumerOnPostgres(PostgresServer server) : ConsumerTests(() => OnPostgres(server));

public sealed class SigningOnSqlite() : SigningTests(OnSqlite);

[Collection(OnePostgres.Name), Trait("Needs", "Servers")]
public sealed class SigningOnPostgres(PostgresServer server) : SigningTests(() => OnPostgres(server));

public sealed class VerificationOnSqlite() : VerificationTests(OnSqlite);

[Collection(OnePostgres.Name), Trait("Needs", "Servers")]
public sealed class VerificationOnPostgres(PostgresServer server) : VerificationTests(() => OnPostgres(server));
