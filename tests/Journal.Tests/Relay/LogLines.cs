using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace ExternalAction.Journal.Tests.Relay;

/// <summary>Keeps what a process logs, so that a test can say which errors it expects; any other fails it.</summary>
public sealed class LogLines : ILoggerProvider
{
    private readonly ConcurrentQueue<(LogLevel Level, string Line)> _lines = new();
    private readonly ConcurrentBag<string> _expected = [];

    /// <summary>An error that contains this is part of the test.</summary>
    public void Expect(string part) => _expected.Add(part);

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
            => lines._lines.Enqueue((logLevel, $"{category}: {formatter(state, exception)} {exception}"));
    }
}
