// Parameters and connection strings that come from the AppHost's configuration.

using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting;

/// <summary>Values from outside.</summary>
public static class ParameterResourceBuilderExtensions
{
    /// <summary>A value read from <c>Parameters:{name}</c> when it is first needed.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, string name, bool secret = false) =>
        builder.AddResource(FromConfiguration(builder, name, $"Parameters:{name}", secret, null));

    /// <summary>The value itself; the configuration still wins.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, string name, string value, bool publishValueAsDefault = false, bool secret = false) =>
        builder.AddParameter(name, () => value, publishValueAsDefault, secret);

    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, string name, Func<string> valueGetter, bool publishValueAsDefault = false, bool secret = false) =>
        builder.AddResource(new ParameterResource(name, _ => builder.Configuration[$"Parameters:{name}"] ?? valueGetter(), secret));

    /// <summary>A value from the configuration, else the default; <paramref name="persist"/> keeps a generated one in the data folder.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, string name, ParameterDefault value, bool secret = false, bool persist = false) =>
        builder.AddResource(FromConfiguration(builder, name, $"Parameters:{name}", secret, persist ? Kept(builder, name, value) : value));

    public static IResourceBuilder<ParameterResource> AddParameterFromConfiguration(this IDistributedApplicationBuilder builder, string name, string configurationKey, bool secret = false) =>
        builder.AddResource(FromConfiguration(builder, name, configurationKey, secret, null));

    /// <summary>The connection string <c>ConnectionStrings:{name}</c> of the AppHost's configuration.</summary>
    public static IResourceBuilder<IResourceWithConnectionString> AddConnectionString(this IDistributedApplicationBuilder builder, string name, string? environmentVariableName = null) =>
        builder.AddResource<IResourceWithConnectionString>(new ConfiguredConnectionString(name, environmentVariableName, builder.Configuration));

    /// <summary>A connection string made of other values.</summary>
    public static IResourceBuilder<ConnectionStringResource> AddConnectionString(this IDistributedApplicationBuilder builder, string name, ReferenceExpression connectionStringExpression) =>
        builder.AddResource(new ConnectionStringResource(name, connectionStringExpression));

    /// <inheritdoc cref="AddConnectionString(IDistributedApplicationBuilder, string, ReferenceExpression)"/>
    public static IResourceBuilder<ConnectionStringResource> AddConnectionString(this IDistributedApplicationBuilder builder, string name, Action<ReferenceExpressionBuilder> connectionStringBuilder)
    {
        var expression = new ReferenceExpressionBuilder();
        connectionStringBuilder(expression);
        return builder.AddConnectionString(name, expression.Build());
    }

    /// <summary>A password that is made once and kept; <c>Parameters:{name}</c> in the configuration wins.</summary>
    public static ParameterResource CreateDefaultPasswordParameter(IDistributedApplicationBuilder builder, string name, bool lower = true, bool upper = true, bool numeric = true, bool special = true, int minLength = 22)
    {
        var generated = new GenerateParameterDefault { Lower = lower, Upper = upper, Numeric = numeric, Special = special, MinLength = minLength };
        return FromConfiguration(builder, name, $"Parameters:{name}", secret: true, Kept(builder, name, generated));
    }

    private static KeptParameterDefault Kept(IDistributedApplicationBuilder builder, string name, ParameterDefault value) =>
        new(name, value, () => Run.RunFolders.Of(builder));

    private static ParameterResource FromConfiguration(IDistributedApplicationBuilder builder, string name, string key, bool secret, ParameterDefault? fallback) =>
        new(name, parameterDefault => builder.Configuration[key] ?? parameterDefault?.GetDefaultValue()
            ?? throw new MissingParameterValueException($"Parameter '{name}' has no value: give one as {key} in the configuration, on the command line as --{key}=… or in the environment as {key.Replace(":", "__", StringComparison.Ordinal)}."), secret)
        { Default = fallback };
}

/// <summary>A connection string of the AppHost's configuration, read when it is needed.</summary>
internal sealed class ConfiguredConnectionString(string name, string? variable, IConfiguration configuration)
    : Resource(name), IResourceWithConnectionString, IResourceWithoutLifetime
{
    public string? ConnectionStringEnvironmentVariable { get; } = variable;

    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create($"{new Value(this, configuration)}");

    public ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(configuration.GetConnectionString(Name));

    private sealed class Value(ConfiguredConnectionString owner, IConfiguration configuration) : IValueProvider, IManifestExpressionProvider
    {
        public string ValueExpression => $"{{{owner.Name}.connectionString}}";

        public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) =>
            ValueTask.FromResult<string?>(configuration.GetConnectionString(owner.Name) ??
                throw new MissingParameterValueException($"Connection string '{owner.Name}' has no value: give one as ConnectionStrings:{owner.Name}."));
    }
}
