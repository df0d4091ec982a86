using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Multimodal.Pipeline.Tests.Fakes;

/// <summary>Keeps all log entries of a host.</summary>
internal sealed class KeptLog : ILoggerProvider
{
    private readonly ConcurrentQueue<Entry> _entries = new();

    public IReadOnlyCollection<Entry> Entries => _entries;

    /// <summary>Warnings of this project, and errors and exceptions of any component. Kestrel warns when the machine is busy.</summary>
    public IEnumerable<Entry> Failures => _entries.Where(entry => entry.Level >= LogLevel.Error
        || (entry.Level == LogLevel.Warning && (entry.Exception is not null || entry.Category.StartsWith("Multimodal", StringComparison.Ordinal))));

    /// <summary>Forgets what the start logged.</summary>
    public void Clear() => _entries.Clear();

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose()
    {
    }

    internal sealed record Entry(LogLevel Level, string Category, string Message, Exception? Exception);

    private sealed class Logger(KeptLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Debug;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            log._entries.Enqueue(new Entry(logLevel, category, formatter(state, exception), exception));
    }
}
