using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Multimodal.Pipeline.Requests;

/// <summary>
/// Opens connections and makes the schema: the one place that knows which database it is. Everything else is SQL that SQLite and
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
            await connection.ExecuteAsync(Schema);
            return;
        }

        // IF NOT EXISTS does not protect against two gateways that start at the same moment; the lock does.
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync($"SELECT pg_advisory_xact_lock({MigrationLock})", transaction: transaction);
        if (new NpgsqlConnectionStringBuilder(connection.ConnectionString).SearchPath is { Length: > 0 } schema)
        {
            await connection.ExecuteAsync($"CREATE SCHEMA IF NOT EXISTS \"{schema}\"", transaction: transaction);
        }

        await connection.ExecuteAsync(Schema, transaction: transaction);
        await transaction.CommitAsync(cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database server cannot be reached; it is tried again.")]
    private partial void LogAway(Exception exception);

    /// <summary>Any number, the same in all gateways.</summary>
    private const int MigrationLock = 730_152;

    private const string Schema = """
        CREATE TABLE IF NOT EXISTS requests (
            id TEXT NOT NULL PRIMARY KEY,
            tenant TEXT NOT NULL,
            ensemble TEXT NOT NULL,
            idempotency_key TEXT NULL,
            fingerprint TEXT NOT NULL,
            fuse TEXT NOT NULL,
            accepted_at BIGINT NOT NULL,
            budget BIGINT NOT NULL,
            deadline BIGINT NOT NULL,
            sends BIGINT NOT NULL,
            done_at BIGINT NULL,
            result TEXT NULL,
            opinions TEXT NULL,
            gate TEXT NULL,
            label TEXT NULL,
            confidence DOUBLE PRECISION NULL,
            UNIQUE (tenant, idempotency_key)
        );
        CREATE INDEX IF NOT EXISTS requests_waiting ON requests (deadline) WHERE done_at IS NULL;
        CREATE INDEX IF NOT EXISTS requests_done ON requests (done_at) WHERE done_at IS NOT NULL;
        CREATE INDEX IF NOT EXISTS requests_gate ON requests (tenant, ensemble, gate, id, label, confidence) WHERE gate IS NOT NULL;
        CREATE TABLE IF NOT EXISTS shadows (
            request_id TEXT NOT NULL,
            expert TEXT NOT NULL,
            label TEXT NOT NULL,
            opinion TEXT NOT NULL,
            late BIGINT NOT NULL,
            PRIMARY KEY (request_id, expert)
        );
        CREATE TABLE IF NOT EXISTS feedback (
            request_id TEXT NOT NULL PRIMARY KEY,
            label TEXT NOT NULL,
            received_at BIGINT NOT NULL
        );
        CREATE TABLE IF NOT EXISTS online_weights (
            tenant TEXT NOT NULL,
            ensemble TEXT NOT NULL,
            learner TEXT NOT NULL,
            revision BIGINT NOT NULL,
            state TEXT NOT NULL,
            changed_at BIGINT NOT NULL,
            PRIMARY KEY (tenant, ensemble, learner)
        );
        CREATE TABLE IF NOT EXISTS subscriptions (
            tenant TEXT NOT NULL,
            name TEXT NOT NULL,
            kind TEXT NOT NULL,
            statuses TEXT NOT NULL,
            expires_seconds BIGINT NOT NULL,
            max_length BIGINT NULL,
            url TEXT NULL,
            secret TEXT NULL,
            created_at BIGINT NOT NULL,
            expires_at BIGINT NOT NULL,
            numbered BIGINT NOT NULL DEFAULT 0,
            PRIMARY KEY (tenant, name)
        );
        CREATE TABLE IF NOT EXISTS deliveries (
            tenant TEXT NOT NULL,
            subscription TEXT NOT NULL,
            request_id TEXT NOT NULL,
            status TEXT NOT NULL,
            recorded_at BIGINT NOT NULL,
            state TEXT NULL,
            tries BIGINT NOT NULL,
            due_at BIGINT NOT NULL,
            outcome TEXT NULL,
            number BIGINT NULL,
            PRIMARY KEY (tenant, subscription, request_id)
        );
        CREATE INDEX IF NOT EXISTS deliveries_request ON deliveries (request_id);
        CREATE INDEX IF NOT EXISTS deliveries_numbered ON deliveries (tenant, subscription, number);
        CREATE INDEX IF NOT EXISTS deliveries_due ON deliveries (due_at) WHERE state = 'waiting';
        """;
}
