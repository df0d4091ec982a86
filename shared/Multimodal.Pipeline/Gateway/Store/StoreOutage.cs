using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Multimodal.Pipeline.Gateway.Store;

/// <summary>
/// Whether the database can be used. Writes one log line when that changes, instead of one per failed call: a restart of the database fails every call
/// of every component. Thread-safe.
/// </summary>
internal sealed partial class StoreOutage(TimeProvider time, ILogger logger)
{
    /// <summary>SQLite cannot use its file: busy, locked, read-only, input/output, damaged, full, cannot open, not a database.</summary>
    private static readonly int[] FileErrors = [5, 6, 8, 10, 11, 13, 14, 26];

    private readonly Lock _lock = new();
    private bool _isActive;
    private bool _isOverAfterWrite;
    private long _start;

    /// <summary>Whether calls fail at present.</summary>
    public bool IsActive => Volatile.Read(ref _isActive);

    /// <summary>Reports a failed call.</summary>
    /// <returns>False if the database itself can be used, so that the failure is a bug or a conflict.</returns>
    public bool Explains(DbException exception)
    {
        if (!IsOutage(exception))
        {
            return false;
        }

        lock (_lock)
        {
            // A full disk still lets connections open and reads succeed.
            _isOverAfterWrite = exception is not NpgsqlException || exception is PostgresException { SqlState: "53100" };
            if (_isActive)
            {
                return true;
            }

            (_isActive, _start) = (true, time.GetTimestamp());
        }

        var reason = Reason(exception);
        LogUnavailable(reason);
        return true;
    }

    /// <summary>Reports that a new connection worked.</summary>
    public void Connected() => End(isWrite: false);

    /// <summary>Reports that a write was committed.</summary>
    public void Written() => End(isWrite: true);

    private static bool IsOutage(DbException exception) => exception switch
    {
        PostgresException { SqlState: var state } => state[..2] is "08" or "53" or "57" or "58",
        NpgsqlException => exception.IsTransient || exception.InnerException is IOException or TimeoutException or System.Net.Sockets.SocketException,
        SqliteException { SqliteErrorCode: var code } => FileErrors.Contains(code),
        _ => false,
    };

    private void End(bool isWrite)
    {
        if (!IsActive)
        {
            return;
        }

        long start;
        lock (_lock)
        {
            if (!_isActive || (_isOverAfterWrite && !isWrite))
            {
                return;
            }

            (_isActive, start) = (false, _start);
        }

        var seconds = time.GetElapsedTime(start).TotalSeconds;
        LogAvailable(seconds);
    }

    /// <summary>The message of the cause: the driver's own message for a lost connection names no reason.</summary>
    private static string Reason(Exception exception)
    {
        var reason = exception.GetBaseException().Message;
        return exception.Message.Contains(reason, StringComparison.Ordinal) ? exception.Message : $"{exception.Message} ({reason})";
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The request store is unavailable: {Reason}. Requests are refused with 503 and messages wait until it is back.")]
    private partial void LogUnavailable(string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The request store is available again after {Seconds:0.0} s.")]
    private partial void LogAvailable(double seconds);
}
