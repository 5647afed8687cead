using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace ExternalAction.Journal.Tests.Relay;

/// <summary>Keeps what a process logs, so that a test can say which errors it expects; any other fails it.</summary>
public sealed class LogLines : ILoggerProvider
{
    private readonly ConcurrentQueue<(LogLevel Level, string Line)> _lines = new();
    private readonly ConcurrentBag<string> _expected = [];
    private readonly ConcurrentDictionary<string, Action> _hooks = new();

    /// <summary>An error that contains this is part of the test.</summary>
    public void Expect(string part) => _expected.Add(part);

    /// <summary>Does something the first time a line contains this, before whoever logs goes on.</summary>
    public void Once(string part, Action act) => _hooks[part] = act;

    public IEnumerable<string> At(LogLevel level) => _lines.Where(line => line.Level == level).Select(line => line.Line);

    public IEnumerable<string> UnexpectedErrors
        => _lines.Where(line => line.Level >= LogLevel.Error && !_expected.Any(part => line.Line.Contains(part, StringComparison.Ordinal))).Select(line => line.Line);

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose()
    {
    }

    private sealed class Logger(LogLines lines, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var line = $"{category}: {formatter(state, exception)} {exception}";
            lines._lines.Enqueue((logLevel, line));
            foreach (var part in lines._hooks.Keys.Where(part => line.Contains(part, StringComparison.Ordinal)))
            {
                if (lines._hooks.TryRemove(part, out var act))
                {
                    act();
                }
            }
        }
    }
}
