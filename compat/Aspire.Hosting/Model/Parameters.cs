// Values given from outside (Parameters:{name} in the AppHost's configuration), and passwords nobody gave: those are
// made once and kept beside the data they protect, so that a kept database opens again tomorrow.

using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Aspire.Hosting.ApplicationModel
{
    /// <summary>A value from outside. A secret is never shown.</summary>
    public class ParameterResource(string name, Func<ParameterDefault?, string> callback, bool secret = false)
        : Resource(name), IResourceWithoutLifetime, IManifestExpressionProvider, IValueProvider
    {
        private string? _resolved;

        public bool Secret { get; } = secret;

        public ParameterDefault? Default { get; set; }

        public string ValueExpression => $"{{{Name}.value}}";

        internal string ConfigurationKey { get; init; } = $"Parameters:{name}";

        /// <exception cref="MissingParameterValueException">Neither configured nor with a default.</exception>
        public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) =>
            ValueTask.FromResult<string?>(_resolved ??= callback(Default));
    }

    /// <summary>What a parameter is when nobody gives it.</summary>
    public abstract class ParameterDefault
    {
        public abstract string GetDefaultValue();
    }

    /// <summary>A random text with at least one character of each kind asked for.</summary>
    public sealed class GenerateParameterDefault : ParameterDefault
    {
        /// <summary>The number of characters, 1 to 256.</summary>
        public int MinLength { get; set; } = 22;

        public bool Lower { get; set; } = true;

        public bool Upper { get; set; } = true;

        public bool Numeric { get; set; } = true;

        public bool Special { get; set; } = true;

        public override string GetDefaultValue()
        {
            // No quotes, commas, semicolons or percent signs: the value ends up in connection strings.
            string[] kinds = [Lower ? "abcdefghijkmnpqrstuvwxyz" : "", Upper ? "ABCDEFGHJKLMNPQRSTUVWXYZ" : "", Numeric ? "23456789" : "", Special ? "-_.~" : ""];
            var wanted = kinds.Where(k => k.Length > 0).ToArray();
            var all = string.Concat(wanted);
            var text = wanted.Select(k => k[RandomNumberGenerator.GetInt32(k.Length)])
                .Concat(Enumerable.Range(0, Math.Max(0, MinLength - wanted.Length)).Select(_ => all[RandomNumberGenerator.GetInt32(all.Length)]))
                .ToArray();
            RandomNumberGenerator.Shuffle<char>(text);
            return new string(text);
        }
    }

    /// <summary>Made by <paramref name="made"/> the first time and read from the data folder from then on.</summary>
    internal sealed class KeptParameterDefault(string name, ParameterDefault made, Func<Run.RunFolders> folders) : ParameterDefault
    {
        public override string GetDefaultValue() => KeptSecrets.GetOrMake(folders(), name, made.GetDefaultValue);
    }

    /// <summary>The file <c>secrets.json</c> (mode 600) in the runner's part of the data folder.</summary>
    internal static class KeptSecrets
    {
        private static readonly Lock Gate = new();

        public static string GetOrMake(Run.RunFolders folders, string name, Func<string> make)
        {
            lock (Gate)
            {
                var file = Path.Combine(folders.State, "secrets.json");
                var secrets = File.Exists(file)
                    ? JsonSerializer.Deserialize(File.ReadAllText(file), KeptSecretsJson.Default.SortedDictionaryStringString) ?? []
                    : [];
                if (secrets.TryGetValue(name, out var kept))
                    return kept;

                var value = secrets[name] = make();
                // Written beside and renamed: a crash leaves the old file or the new one, never half of it.
                var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
                if (!OperatingSystem.IsWindows())
                    options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
                using (var stream = new FileStream(file + ".new", options))
                {
                    JsonSerializer.Serialize(stream, secrets, KeptSecretsJson.Default.SortedDictionaryStringString);
                    stream.Flush(flushToDisk: true);
                }
                File.Move(file + ".new", file, overwrite: true);
                return value;
            }
        }
    }

    [JsonSerializable(typeof(SortedDictionary<string, string>))]
    [JsonSourceGenerationOptions(WriteIndented = true)]
    internal sealed partial class KeptSecretsJson : JsonSerializerContext;
}

namespace Aspire.Hosting
{
    /// <summary>The application cannot run as it is described; the message says what to change.</summary>
    public class DistributedApplicationException : Exception
    {
        public DistributedApplicationException(string message) : base(message)
        {
        }

        public DistributedApplicationException(string message, Exception? inner) : base(message, inner)
        {
        }
    }

    /// <summary>A parameter has no value.</summary>
    public class MissingParameterValueException(string message) : DistributedApplicationException(message);
}
