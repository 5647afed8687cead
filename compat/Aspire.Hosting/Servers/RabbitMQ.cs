// AddRabbitMQ: a locally installed RabbitMQ with a home, node name and ports of its own. The system's service, its
// configuration and its account are left alone.

using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Aspire.Hosting.Run;
using Aspire.Hosting.Servers;

namespace Aspire.Hosting.ApplicationModel
{
    /// <summary>A RabbitMQ broker.</summary>
    public class RabbitMQServerResource(string name, ParameterResource? userName, ParameterResource password) : ContainerResource(name), IResourceWithConnectionString
    {
        public EndpointReference PrimaryEndpoint => new(this, "tcp");

        public EndpointReferenceExpression Host => PrimaryEndpoint.Property(EndpointProperty.Host);

        public EndpointReferenceExpression Port => PrimaryEndpoint.Property(EndpointProperty.Port);

        public ParameterResource? UserNameParameter { get; } = userName;

        public ParameterResource PasswordParameter { get; } = password;

        /// <summary><c>amqp://user:password@localhost:port</c></summary>
        public ReferenceExpression ConnectionStringExpression =>
            this.TryGetLastAnnotation<ConnectionStringRedirectAnnotation>(out var other) ? other.Resource.ConnectionStringExpression
                : ReferenceExpression.Create($"amqp://{UserNameReference:uri}:{PasswordParameter:uri}@{Host}:{Port}");

        internal ReferenceExpression UserNameReference =>
            UserNameParameter is null ? ReferenceExpression.Create($"guest") : ReferenceExpression.Create($"{UserNameParameter}");

        IEnumerable<KeyValuePair<string, ReferenceExpression>> IResourceWithConnectionString.GetConnectionProperties() =>
        [
            new("Host", ReferenceExpression.Create($"{Host}")),
            new("Port", ReferenceExpression.Create($"{Port}")),
            new("Username", UserNameReference),
            new("Password", ReferenceExpression.Create($"{PasswordParameter}")),
            new("Uri", ConnectionStringExpression),
        ];
    }
}

namespace Aspire.Hosting
{
    /// <summary>RabbitMQ.</summary>
    public static class RabbitMQBuilderExtensions
    {
        /// <summary>A broker; without a user name it is <c>guest</c>, without a password one is made and kept.</summary>
        public static IResourceBuilder<RabbitMQServerResource> AddRabbitMQ(this IDistributedApplicationBuilder builder, string name,
            IResourceBuilder<ParameterResource>? userName = null, IResourceBuilder<ParameterResource>? password = null, int? port = null)
        {
            var resource = new RabbitMQServerResource(name, userName?.Resource,
                password?.Resource ?? ParameterResourceBuilderExtensions.CreateDefaultPasswordParameter(builder, $"{name}-password", special: false));
            return builder.AddResource(resource)
                .WithEndpoint(port: port, name: "tcp")
                .WithAnnotation(new LocalServerAnnotation(runtime => new RabbitMQServer(resource, runtime)));
        }

        /// <summary>The web pages and HTTP API of the broker, as endpoint <c>management</c>.</summary>
        public static IResourceBuilder<RabbitMQServerResource> WithManagementPlugin(this IResourceBuilder<RabbitMQServerResource> builder) => builder.WithManagementPlugin(null);

        /// <inheritdoc cref="WithManagementPlugin(IResourceBuilder{RabbitMQServerResource})"/>
        public static IResourceBuilder<RabbitMQServerResource> WithManagementPlugin(this IResourceBuilder<RabbitMQServerResource> builder, int? port) =>
            builder.WithEndpoint("management", e => (e.UriScheme, e.Transport, e.Port) = ("http", "http", port));

        /// <summary>Keeps the data in the data folder; the volume's name is not used here.</summary>
        public static IResourceBuilder<RabbitMQServerResource> WithDataVolume(this IResourceBuilder<RabbitMQServerResource> builder, string? name = null, bool isReadOnly = false) =>
            builder.WithAnnotation(new KeepDataAnnotation(), ResourceAnnotationMutationBehavior.Replace);
    }
}

namespace Aspire.Hosting.Servers
{
    internal sealed class RabbitMQServer(RabbitMQServerResource rabbit, Runtime runtime) : LocalServer(rabbit, runtime)
    {
        protected override async Task<ProcessPlan> PrepareFolderAsync(Dictionary<string, string> variables, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
        {
            // Not /usr/sbin/rabbitmq-server: that one changes the account and the paths.
            var program = FindProgram("RabbitMQ", "RabbitMQ", "rabbitmq-server", () => Programs.Find("/usr/lib/rabbitmq/bin/rabbitmq-server"));
            var epmd = Programs.Find("epmd", "/usr/lib/erlang/bin") ?? throw new DistributedApplicationException("Erlang's epmd is not installed. Install it with: apt-get install erlang-base");
            MakeFolder(Folder);

            var management = rabbit.Annotations.OfType<EndpointAnnotation>().FirstOrDefault(e => e.Name == "management");
            var user = await rabbit.UserNameReference.GetValueAsync(cancellationToken);
            var password = await rabbit.PasswordParameter.GetValueAsync(cancellationToken);
            await WriteSecretAsync(InFolder("rabbitmq.conf"), string.Create(CultureInfo.InvariantCulture, $"""
                listeners.tcp.1 = 127.0.0.1:{Port}
                default_user = {user}
                default_pass = {password}
                log.file = false
                log.console = true
                log.console.level = warning
                log.console.use_colors = off
                {(management is null ? "" : $"management.tcp.ip = 127.0.0.1\nmanagement.tcp.port = {management.InstancePorts[0]}")}

                """), cancellationToken);
            await File.WriteAllTextAsync(InFolder("enabled_plugins"), management is null ? "[]." : "[rabbitmq_management].", cancellationToken);

            foreach (var inherited in variables.Keys.Where(k => k.StartsWith("RABBITMQ_", StringComparison.Ordinal) || k.StartsWith("ERL_", StringComparison.Ordinal)).ToArray())
                variables.Remove(inherited);
            CompanionPort = Ports.Free();
            var epmdPort = CompanionPort.ToString(CultureInfo.InvariantCulture);
            var distributionPort = Ports.Free().ToString(CultureInfo.InvariantCulture);
            foreach (var (name, value) in new Dictionary<string, string>
            {
                ["HOME"] = Folder,
                ["RABBITMQ_NODENAME"] = $"{rabbit.Name}@localhost",
                ["RABBITMQ_CONFIG_FILE"] = InFolder("rabbitmq.conf"),
                // Files of /etc/rabbitmq must not reach this node; these do not exist.
                ["RABBITMQ_CONFIG_FILES"] = InFolder("none/*.conf"),
                ["RABBITMQ_ADVANCED_CONFIG_FILE"] = InFolder("none.config"),
                ["RABBITMQ_CONF_ENV_FILE"] = InFolder("none.conf"),
                ["RABBITMQ_ENABLED_PLUGINS_FILE"] = InFolder("enabled_plugins"),
                ["RABBITMQ_MNESIA_BASE"] = InFolder("mnesia"),
                ["RABBITMQ_LOG_BASE"] = InFolder("log"),
                ["RABBITMQ_PID_FILE"] = InFolder("pid"),
                ["RABBITMQ_DIST_PORT"] = distributionPort,
                ["ERL_EPMD_PORT"] = epmdPort,
                ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
                // No busy waiting: on a small machine idle schedulers would take the time of the others.
                ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-kernel inet_dist_use_interface {127,0,0,1} -start_epmd false +sbwt none +sbwtdcpu none +sbwtdio none",
                // The start script then becomes the Erlang machine instead of waiting beside it, and signals reach the node.
                ["RUNNING_UNDER_SYSTEMD"] = "true",
            })
            {
                variables[name] = value;
            }

            // The node would leave a name server (epmd) running behind it. Started here, it ends with the node.
            // It must listen before the node starts: a node that cannot register its name gives up with exit code 1.
            Companion = new ProcessPlan(epmd, ["-port", epmdPort, "-address", "127.0.0.1"], Folder, variables);
            return new ProcessPlan(program, arguments, Folder, variables);
        }

        /// <summary>
        /// The broker opens its port as the last thing of its start, so to connect is to know. Nothing is said: it would
        /// log a warning about every caller who begins to speak AMQP and leaves.
        /// </summary>
        protected override async Task PingAsync(CancellationToken cancellationToken)
        {
            using var client = new TcpClient(AddressFamily.InterNetwork);
            await client.ConnectAsync(IPAddress.Loopback, Port, cancellationToken);
        }

        private string InFolder(string name) => Path.Combine(Folder, name);
    }
}
