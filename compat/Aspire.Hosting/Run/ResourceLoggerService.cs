// The output of every resource: kept in memory (the last lines), in a file per resource, and sent on to the console,
// to the AppHost's loggers and to whoever watches.

using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.ApplicationModel
{
    /// <summary>One line of output; numbers count from 1 for each resource.</summary>
    public readonly record struct LogLine(int LineNumber, string Content, bool IsErrorMessage);

    /// <summary>The resources' output, by resource id.</summary>
    public class ResourceLoggerService
    {
        private const int KeptLines = 1_000;
        private readonly ConcurrentDictionary<string, Lines> _resources = new(StringComparer.OrdinalIgnoreCase);

        public IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(IResource resource) => WatchAsync(resource.Name);

        /// <summary>The lines there are (the last 1,000), then every new one.</summary>
        public async IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(string resourceName, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            var lines = Of(resourceName);
            var channel = Channel.CreateUnbounded<LogLine>();
            LogLine[] before;
            lock (lines.Kept)
            {
                before = [.. lines.Kept];
                lines.Watchers.Add(channel);
            }
            try
            {
                if (before.Length > 0)
                    yield return before;
                await foreach (var line in channel.Reader.ReadAllAsync(cancellationToken))
                    yield return [line];
            }
            finally
            {
                lock (lines.Kept)
                    lines.Watchers.Remove(channel);
            }
        }

        /// <summary>The last lines, at most 1,000.</summary>
        public IReadOnlyList<LogLine> GetAll(string resourceName)
        {
            var lines = Of(resourceName);
            lock (lines.Kept)
                return [.. lines.Kept];
        }

        internal void Add(string resourceName, string content, bool isError)
        {
            var lines = Of(resourceName);
            lock (lines.Kept)
            {
                var line = new LogLine(++lines.Count, content, isError);
                lines.Kept.Enqueue(line);
                if (lines.Kept.Count > KeptLines)
                    lines.Kept.Dequeue();
                lines.Watchers.ForEach(w => w.Writer.TryWrite(line));
            }
        }

        internal void Complete()
        {
            foreach (var lines in _resources.Values)
            {
                lock (lines.Kept)
                    lines.Watchers.ForEach(w => w.Writer.TryComplete());
            }
        }

        private Lines Of(string resourceName) => _resources.GetOrAdd(resourceName, _ => new Lines());

        private sealed class Lines
        {
            public Queue<LogLine> Kept { get; } = new();

            public List<Channel<LogLine>> Watchers { get; } = [];

            public int Count { get; set; }
        }
    }
}

namespace Aspire.Hosting.Run
{
    /// <summary>
    /// Where lines go: <c>HH:mm:ss.fff name | text</c> on the console, plain in <c>{logs}/{name}.log</c> (the run before is
    /// kept as <c>.log.1</c>). Colours only on a terminal.
    /// </summary>
    internal sealed class LogSink(RunFolders folders, ResourceLoggerService lines, DistributedApplicationOptions options, ILoggerFactory loggers,
        IHostEnvironment environment, TimeProvider time) : IDisposable
    {
        private static readonly int[] Colours = [36, 32, 33, 35, 34, 96, 92, 93, 95, 94];
        private readonly Dictionary<string, StreamWriter> _files = [];
        private readonly Lock _gate = new();
        private int _width = 8;
        private bool _disposed;

        /// <summary>A line the resource wrote.</summary>
        public void Output(string id, string text, bool isError)
        {
            lines.Add(id, text, isError);
            Write(id, text, isError, isState: false);
            if (options.EnableResourceLogging)
                loggers.CreateLogger($"{environment.ApplicationName}.Resources.{id}").Log(isError ? LogLevel.Error : LogLevel.Information, "{Line}", text);
        }

        /// <summary>Something the runner says about the resource.</summary>
        public void Say(string id, string text, bool isError = false)
        {
            lines.Add(id, text, isError);
            Write(id, text, isError, isState: true);
            if (options.EnableResourceLogging)
                loggers.CreateLogger($"{environment.ApplicationName}.Resources.{id}").Log(isError ? LogLevel.Error : LogLevel.Information, "{Line}", text);
        }

        public void Dispose()
        {
            lock (_gate)
            {
                foreach (var file in _files.Values)
                    file.Dispose();
                _files.Clear();
                _disposed = true;
            }
        }

        private void Write(string id, string text, bool isError, bool isState)
        {
            var now = time.GetLocalNow().ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);
            var mark = isState ? "•" : isError ? "!" : "|";
            lock (_gate)
            {
                if (_disposed)
                    return;
                var file = FileOf(id);
                file.WriteLine($"{now} {mark} {text}");
                if (options.EnableResourceLogging || options.IsTest)
                    return;
                _width = Math.Max(_width, id.Length);
                var name = id.PadRight(_width);
                if (Console.IsOutputRedirected)
                    Console.Out.WriteLine($"{now} {name} {mark} {text}");
                else
                    Console.Out.WriteLine($"\e[2m{now}\e[0m \e[{ColourOf(id)}m{name} {mark}\e[0m {(isError ? $"\e[31m{text}\e[0m" : isState ? $"\e[1m{text}\e[0m" : text)}");
            }
        }

        private StreamWriter FileOf(string id)
        {
            if (_files.TryGetValue(id, out var open))
                return open;
            var path = Path.Combine(folders.Logs, $"{id}.log");
            if (File.Exists(path))
                File.Move(path, path + ".1", overwrite: true);
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.ReadWrite | FileShare.Delete };
            return _files[id] = new StreamWriter(path, options) { AutoFlush = true };
        }

        private static int ColourOf(string id) => Colours[id.Aggregate(0, (sum, c) => (sum + c) % Colours.Length)];
    }
}
