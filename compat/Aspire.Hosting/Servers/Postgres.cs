// AddPostgres and AddDatabase: the resources. How the server is run is in PostgresServer.cs.

using Aspire.Hosting.Servers;

namespace Aspire.Hosting.ApplicationModel
{
    /// <summary>A PostgreSQL server.</summary>
    public class PostgresServerResource(string name, ParameterResource? userName, ParameterResource password) : ContainerResource(name), IResourceWithConnectionString
    {
        private readonly Dictionary<string, string> _databases = new(StringComparer.OrdinalIgnoreCase);

        public EndpointReference PrimaryEndpoint => new(this, "tcp");

        public EndpointReferenceExpression Host => PrimaryEndpoint.Property(EndpointProperty.Host);

        public EndpointReferenceExpression Port => PrimaryEndpoint.Property(EndpointProperty.Port);

        public ParameterResource? UserNameParameter { get; internal set; } = userName;

        public ParameterResource PasswordParameter { get; internal set; } = password;

        public ReferenceExpression UserNameReference =>
            UserNameParameter is null ? ReferenceExpression.Create($"postgres") : ReferenceExpression.Create($"{UserNameParameter}");

        /// <summary>Database name by resource name.</summary>
        public IReadOnlyDictionary<string, string> Databases => _databases;

        /// <summary><c>Host=…;Port=…;Username=…;Password=…</c></summary>
        public ReferenceExpression ConnectionStringExpression =>
            this.TryGetLastAnnotation<ConnectionStringRedirectAnnotation>(out var other) ? other.Resource.ConnectionStringExpression
                : ReferenceExpression.Create($"Host={Host};Port={Port};Username={UserNameReference};Password={PasswordParameter}");

        internal List<PostgresDatabaseResource> DatabaseResources { get; } = [];

        internal void Add(PostgresDatabaseResource database)
        {
            _databases.Add(database.Name, database.DatabaseName);
            DatabaseResources.Add(database);
        }

        IEnumerable<KeyValuePair<string, ReferenceExpression>> IResourceWithConnectionString.GetConnectionProperties() => Properties(null);

        internal IEnumerable<KeyValuePair<string, ReferenceExpression>> Properties(string? database)
        {
            yield return new("Host", ReferenceExpression.Create($"{Host}"));
            yield return new("Port", ReferenceExpression.Create($"{Port}"));
            yield return new("Username", UserNameReference);
            yield return new("Password", ReferenceExpression.Create($"{PasswordParameter}"));
            yield return new("Uri", database is null
                ? ReferenceExpression.Create($"postgresql://{UserNameReference:uri}:{PasswordParameter:uri}@{Host}:{Port}")
                : ReferenceExpression.Create($"postgresql://{UserNameReference:uri}:{PasswordParameter:uri}@{Host}:{Port}/{database}"));
        }
    }

    /// <summary>A database of a server. It is created before the server counts as healthy, and is healthy when the server is.</summary>
    public class PostgresDatabaseResource(string name, string databaseName, PostgresServerResource postgresParentResource)
        : Resource(name), IResourceWithParent<PostgresServerResource>, IResourceWithConnectionString
    {
        public PostgresServerResource Parent { get; } = postgresParentResource;

        public string DatabaseName { get; } = databaseName;

        public ReferenceExpression ConnectionStringExpression =>
            this.TryGetLastAnnotation<ConnectionStringRedirectAnnotation>(out var other) ? other.Resource.ConnectionStringExpression
                : ReferenceExpression.Create($"{Parent};Database={DatabaseName}");

        /// <summary>The statements that create it, if not plain CREATE DATABASE.</summary>
        internal string? CreationScript { get; set; }

        IEnumerable<KeyValuePair<string, ReferenceExpression>> IResourceWithConnectionString.GetConnectionProperties() =>
            Parent.HasAnnotationOfType<ConnectionStringRedirectAnnotation>() ? []
                : Parent.Properties(DatabaseName).Append(new("DatabaseName", ReferenceExpression.Create($"{DatabaseName}")));
    }
}

namespace Aspire.Hosting
{
    /// <summary>PostgreSQL.</summary>
    public static class PostgresBuilderExtensions
    {
        /// <summary>A server; without a user name it is <c>postgres</c>, without a password one is made and kept.</summary>
        public static IResourceBuilder<PostgresServerResource> AddPostgres(this IDistributedApplicationBuilder builder, string name,
            IResourceBuilder<ParameterResource>? userName = null, IResourceBuilder<ParameterResource>? password = null, int? port = null)
        {
            var resource = new PostgresServerResource(name, userName?.Resource,
                password?.Resource ?? ParameterResourceBuilderExtensions.CreateDefaultPasswordParameter(builder, $"{name}-password"));
            return builder.AddResource(resource)
                .WithEndpoint(port: port, name: "tcp")
                .WithAnnotation(new LocalServerAnnotation(runtime => new PostgresServer(resource, runtime)));
        }

        /// <summary>A database of the server, created when it is not there.</summary>
        public static IResourceBuilder<PostgresDatabaseResource> AddDatabase(this IResourceBuilder<PostgresServerResource> builder, string name, string? databaseName = null)
        {
            var database = new PostgresDatabaseResource(name, databaseName ?? name, builder.Resource);
            builder.Resource.Add(database);
            return builder.ApplicationBuilder.AddResource(database);
        }

        public static IResourceBuilder<PostgresDatabaseResource> WithCreationScript(this IResourceBuilder<PostgresDatabaseResource> builder, string script)
        {
            builder.Resource.CreationScript = script;
            return builder;
        }

        public static IResourceBuilder<PostgresServerResource> WithUserName(this IResourceBuilder<PostgresServerResource> builder, IResourceBuilder<ParameterResource> userName)
        {
            builder.Resource.UserNameParameter = userName.Resource;
            return builder;
        }

        public static IResourceBuilder<PostgresServerResource> WithPassword(this IResourceBuilder<PostgresServerResource> builder, IResourceBuilder<ParameterResource> password)
        {
            builder.Resource.PasswordParameter = password.Resource;
            return builder;
        }

        public static IResourceBuilder<PostgresServerResource> WithHostPort(this IResourceBuilder<PostgresServerResource> builder, int? port) =>
            builder.WithEndpoint("tcp", e => e.Port = port);

        /// <summary>Keeps the data in the data folder, safe against power cuts (fsync on); the volume's name is not used here.</summary>
        public static IResourceBuilder<PostgresServerResource> WithDataVolume(this IResourceBuilder<PostgresServerResource> builder, string? name = null, bool isReadOnly = false) =>
            builder.WithAnnotation(new KeepDataAnnotation(), ResourceAnnotationMutationBehavior.Replace);
    }
}
