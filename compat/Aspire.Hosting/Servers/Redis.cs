// AddRedis: a locally installed redis-server. With a data volume every write is in the append-only file before it is
// answered, so a killed server comes back with all of it.

using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Aspire.Hosting.Run;
using Aspire.Hosting.Servers;

namespace Aspire.Hosting.ApplicationModel
{
    /// <summary>A Redis server.</summary>
    public class RedisResource(string name) : ContainerResource(name), IResourceWithConnectionString
    {
        public EndpointReference PrimaryEndpoint => new(this, "tcp");

        public EndpointReferenceExpression Host => PrimaryEndpoint.Property(EndpointProperty.Host);

        public EndpointReferenceExpression Port => PrimaryEndpoint.Property(EndpointProperty.Port);

        public ParameterResource? PasswordParameter { get; internal set; }

        /// <summary><c>localhost:port,password=…</c></summary>
        public ReferenceExpression ConnectionStringExpression
        {
            get
            {
                if (this.TryGetLastAnnotation<ConnectionStringRedirectAnnotation>(out var other))
                    return other.Resource.ConnectionStringExpression;
                var address = PrimaryEndpoint.Property(EndpointProperty.HostAndPort);
                return PasswordParameter is null ? ReferenceExpression.Create($"{address}") : ReferenceExpression.Create($"{address},password={PasswordParameter}");
            }
        }

        IEnumerable<KeyValuePair<string, ReferenceExpression>> IResourceWithConnectionString.GetConnectionProperties()
        {
            yield return new("Host", ReferenceExpression.Create($"{Host}"));
            yield return new("Port", ReferenceExpression.Create($"{Port}"));
            if (PasswordParameter is null)
            {
                yield return new("Uri", ReferenceExpression.Create($"redis://{Host}:{Port}"));
                yield break;
            }
            yield return new("Password", ReferenceExpression.Create($"{PasswordParameter}"));
            yield return new("Uri", ReferenceExpression.Create($"redis://:{PasswordParameter:uri}@{Host}:{Port}"));
        }
    }
}

namespace Aspire.Hosting
{
    /// <summary>Redis.</summary>
    public static class RedisBuilderExtensions
    {
        public static IResourceBuilder<RedisResource> AddRedis(this IDistributedApplicationBuilder builder, string name, int? port) => builder.AddRedis(name, port, null);

        /// <summary>A Redis server; without a password one is made and kept.</summary>
        public static IResourceBuilder<RedisResource> AddRedis(this IDistributedApplicationBuilder builder, string name, int? port = null, IResourceBuilder<ParameterResource>? password = null)
        {
            var resource = new RedisResource(name)
            {
                PasswordParameter = password?.Resource ?? ParameterResourceBuilderExtensions.CreateDefaultPasswordParameter(builder, $"{name}-password", special: false),
            };
            return builder.AddResource(resource)
                .WithEndpoint(port: port, name: "tcp")
                .WithAnnotation(new LocalServerAnnotation(runtime => new RedisServer(resource, runtime)));
        }

        public static IResourceBuilder<RedisResource> WithPassword(this IResourceBuilder<RedisResource> builder, IResourceBuilder<ParameterResource>? password)
        {
            builder.Resource.PasswordParameter = password?.Resource;
            return builder;
        }

        public static IResourceBuilder<RedisResource> WithHostPort(this IResourceBuilder<RedisResource> builder, int? port) =>
            builder.WithEndpoint("tcp", e => e.Port = port);

        /// <summary>Keeps the data in the data folder; the volume's name is not used here.</summary>
        public static IResourceBuilder<RedisResource> WithDataVolume(this IResourceBuilder<RedisResource> builder, string? name = null, bool isReadOnly = false) =>
            builder.WithAnnotation(new KeepDataAnnotation(), ResourceAnnotationMutationBehavior.Replace);

        /// <summary>Writes a snapshot after <paramref name="interval"/> if at least so many keys changed.</summary>
        public static IResourceBuilder<RedisResource> WithPersistence(this IResourceBuilder<RedisResource> builder, TimeSpan? interval = null, long keysChangedThreshold = 1) =>
            builder.WithAnnotation(new RedisSnapshotAnnotation(interval ?? TimeSpan.FromSeconds(60), keysChangedThreshold), ResourceAnnotationMutationBehavior.Replace);
    }
}

namespace Aspire.Hosting.Servers
{
    internal sealed record RedisSnapshotAnnotation(TimeSpan Interval, long KeysChanged) : IResourceAnnotation;

    internal sealed class RedisServer(RedisResource redis, Runtime runtime) : LocalServer(redis, runtime)
    {
        protected override async Task<ProcessPlan> PrepareFolderAsync(Dictionary<string, string> variables, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
        {
            var program = FindProgram("Redis", "Redis", "redis-server", () => Programs.Find("redis-server", "/usr/local/bin", "/usr/bin"));
            MakeFolder(Folder);
            var snapshots = redis.TryGetLastAnnotation<RedisSnapshotAnnotation>(out var s) ? string.Create(CultureInfo.InvariantCulture, $"{Math.Max(1, (long)s.Interval.TotalSeconds)} {s.KeysChanged}") : "\"\"";
            var lines = new List<string>
            {
                string.Create(CultureInfo.InvariantCulture, $"port {Port}"),
                "bind 127.0.0.1",
                $"dir \"{Folder}\"",
                $"save {snapshots}",
                $"appendonly {(KeepsData ? "yes" : "no")}",
                "daemonize no",
            };
            if (redis.PasswordParameter is { } password)
                lines.Add($"requirepass \"{await password.GetValueAsync(cancellationToken)}\"");
            // In a file of mode 600: a command line can be read by everybody on the machine.
            var file = Path.Combine(Folder, "redis.conf");
            await WriteSecretAsync(file, string.Join('\n', lines) + "\n", cancellationToken);
            return new ProcessPlan(program, [file, .. arguments], Folder, variables);
        }

        protected override async Task PingAsync(CancellationToken cancellationToken)
        {
            using var client = new TcpClient(AddressFamily.InterNetwork);
            await client.ConnectAsync(IPAddress.Loopback, Port, cancellationToken);
            await using var stream = client.GetStream();
            using var reader = new StreamReader(stream, Encoding.ASCII);
            if (redis.PasswordParameter is { } parameter)
            {
                var password = (await parameter.GetValueAsync(cancellationToken))!;
                await AskAsync(string.Create(CultureInfo.InvariantCulture, $"*2\r\n$4\r\nAUTH\r\n${Encoding.UTF8.GetByteCount(password)}\r\n{password}\r\n"), "+OK");
            }
            await AskAsync("*1\r\n$4\r\nPING\r\n", "+PONG");

            async Task AskAsync(string request, string expected)
            {
                await stream.WriteAsync(Encoding.UTF8.GetBytes(request), cancellationToken);
                var answer = await reader.ReadLineAsync(cancellationToken);
                if (answer != expected)
                    throw new IOException($"Redis answers {answer ?? "nothing"}");
            }
        }
    }
}
