using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Multimodal.Pipeline.Tests.Fakes;

/// <summary>Keeps a host's last log lines, to print them when a test fails.</summary>
internal sealed class RecentLog : ILoggerProvider
{
    private const int MaxLines = 200;
    private readonly ConcurrentQueue<string> _lines = new();

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose()
    {
    }

    public override string ToString() => string.Join('\n', _lines);

    private sealed class Logger(RecentLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Debug;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            log._lines.Enqueue($"{logLevel} {category}: {formatter(state, exception)} {exception}");
            if (log._lines.Count > MaxLines)
            {
                log._lines.TryDequeue(out _);
            }
        }
    }
}
