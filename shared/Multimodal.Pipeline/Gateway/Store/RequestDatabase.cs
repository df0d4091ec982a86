using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Multimodal.Pipeline.Gateway.Store;

/// <summary>
/// Opens connections and has the schema made: the one place that knows which database it is. Everything else is SQL that SQLite and
/// PostgreSQL both take (text ids, BIGINT milliseconds since 1970, ON CONFLICT).
/// </summary>
internal sealed partial class RequestDatabase : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private readonly NpgsqlDataSource? _server;
    private readonly string _file = "";
    private readonly string _synchronous;
    private readonly TimeProvider _time;
    private readonly ILogger<RequestDatabase> _logger;

    /// <param name="file">The database file when there is no server; made when missing.</param>
    /// <param name="options">Which database, and whether a commit waits for the disk.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">For a server that is away.</param>
    public RequestDatabase(string file, StoreOptions options, TimeProvider time, ILogger<RequestDatabase> logger)
    {
        (_time, _logger) = (time, logger);
        if (options.Kind == StoreOptions.Postgres)
        {
            var server = new NpgsqlConnectionStringBuilder(options.Postgresql) { Timeout = 5, CommandTimeout = 10, Enlist = false };
            _synchronous = options.SurvivePowerLoss ? "on" : "off";
            server.Options = $"-c synchronous_commit={_synchronous}";
            _server = NpgsqlDataSource.Create(server);
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        _file = new SqliteConnectionStringBuilder { DataSource = file, DefaultTimeout = 30 }.ToString();
        _synchronous = options.SurvivePowerLoss ? "FULL" : "NORMAL";
    }

    /// <summary>Opens a connection; pooled, so cheap.</summary>
    public async Task<DbConnection> OpenAsync(CancellationToken cancellationToken)
    {
        if (_server is not null)
        {
            return await _server.OpenConnectionAsync(cancellationToken);
        }

        var connection = new SqliteConnection(_file);
        await connection.OpenAsync(cancellationToken);
        await connection.ExecuteAsync($"PRAGMA synchronous = {_synchronous}");
        return connection;
    }

    /// <summary>The comparison with a list of parameters, which the two databases write differently.</summary>
    public string InList(string parameter) => _server is null ? $"IN @{parameter}" : $"= ANY(@{parameter})";

    /// <summary>Makes what is missing of the schema. Waits for a server that is away.</summary>
    public async Task MigrateAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await using var connection = await OpenAsync(cancellationToken);
                await MigrateAsync(connection, cancellationToken);
                return;
            }
            catch (NpgsqlException exception) when (exception.IsTransient || exception is PostgresException { SqlState: "57P03" })
            {
                LogAway(exception);
                await Task.Delay(Pause, _time, cancellationToken);
            }
        }
    }

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task MigrateAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        if (_server is null)
        {
            // Write-ahead log: readers do not wait for the writer, and a commit is one append (and one flush) instead of two.
            await connection.ExecuteAsync("PRAGMA journal_mode = WAL");

            // Begins with the write lock, so that of several openers one migrates.
            await using var alone = await connection.BeginTransactionAsync(cancellationToken);
            await RequestSchema.ApplyAsync(alone, "SELECT name FROM pragma_table_info(@table)");
            await alone.CommitAsync(cancellationToken);
            return;
        }

        // IF NOT EXISTS does not protect against two gateways that start at the same moment; the lock does.
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync($"SELECT pg_advisory_xact_lock({MigrationLock})", transaction: transaction);
        if (new NpgsqlConnectionStringBuilder(connection.ConnectionString).SearchPath is { Length: > 0 } schema)
        {
            await connection.ExecuteAsync($"CREATE SCHEMA IF NOT EXISTS \"{schema}\"", transaction: transaction);
        }

        await RequestSchema.ApplyAsync(
            transaction, "SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(@table) AND attnum > 0 AND NOT attisdropped");
        await transaction.CommitAsync(cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database server cannot be reached; it is tried again.")]
    private partial void LogAway(Exception exception);

    /// <summary>Any number, the same in all gateways.</summary>
    private const int MigrationLock = 730_152;
}
