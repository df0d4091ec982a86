using System.Data.Common;
using System.Security.Authentication;
using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Multimodal.Pipeline.Core;
using Npgsql;

namespace Multimodal.Pipeline.Gateway.Store;

/// <summary>
/// Opens connections and migrates the schema. No other class depends on the kind of database: all other SQL runs on SQLite and PostgreSQL
/// (text ids, BIGINT milliseconds since 1970, ON CONFLICT).
/// </summary>
internal sealed class RequestDatabase : IAsyncDisposable
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);
    private readonly NpgsqlDataSource? _server;
    private readonly string _file = "";
    private readonly string _synchronous;
    private readonly TimeProvider _time;
    private readonly StoreOutage _outage;

    /// <param name="file">The SQLite file, created if missing. Not used with a server.</param>
    /// <param name="options">The kind of database, and whether a commit waits for the disk.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The logger.</param>
    public RequestDatabase(string file, StoreOptions options, TimeProvider time, ILogger<RequestDatabase> logger)
    {
        (_time, _outage) = (time, new StoreOutage(time, logger));
        if (options.Kind == StoreOptions.Postgres)
        {
            var server = new NpgsqlConnectionStringBuilder(options.Postgresql) { Timeout = 5, CommandTimeout = 10, Enlist = false };
            _synchronous = options.SurvivePowerLoss ? "on" : "off";

            // Every statement has an index. Statistics that promise a match in the first rows of a table must not lead the planner to read all of it.
            server.Options = $"-c synchronous_commit={_synchronous} -c enable_seqscan=off";
            _server = NpgsqlDataSource.Create(server);
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        _file = new SqliteConnectionStringBuilder { DataSource = file, DefaultTimeout = 30 }.ToString();
        _synchronous = options.SurvivePowerLoss ? "FULL" : "NORMAL";
    }

    /// <summary>Reads from the database.</summary>
    /// <exception cref="StoreUnavailableException">The database cannot be used.</exception>
    public async Task<T> ReadAsync<T>(Func<DbConnection, Task<T>> read, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await OpenAsync(cancellationToken);
            return await read(connection);
        }
        catch (DbException exception) when (Explains(exception))
        {
            throw new StoreUnavailableException(exception);
        }
    }

    /// <summary>Reports a failed write. The caller throws a <see cref="StoreUnavailableException"/> if the database cannot be used.</summary>
    public bool Explains(DbException exception)
    {
        var wasActive = _outage.IsActive;
        if (!_outage.Explains(exception))
        {
            return false;
        }

        if (!wasActive)
        {
            // Idle connections of the pool are as broken as the one that failed, and would each fail a call after the server is back.
            _server?.Clear();
        }

        return true;
    }

    /// <summary>Reports a committed write.</summary>
    public void Written() => _outage.Written();

    /// <summary>Opens a pooled connection.</summary>
    public async Task<DbConnection> OpenAsync(CancellationToken cancellationToken)
    {
        if (_server is not null)
        {
            var pooled = await _server.OpenConnectionAsync(cancellationToken);
            if (_outage.IsActive)
            {
                await ProbeAsync(pooled);
            }

            return pooled;
        }

        var connection = new SqliteConnection(_file);
        await connection.OpenAsync(cancellationToken);
        await connection.ExecuteAsync(Pragmas);
        return connection;
    }

    /// <summary>Whether the database is a server, which other gateways may use too.</summary>
    public bool IsServer => _server is not null;

    /// <summary>Opens a connection for writes, with the plans that <see cref="BulkStatements"/> need.</summary>
    public async Task<DbConnection> OpenWriterAsync()
    {
        var connection = await OpenAsync(CancellationToken.None);
        if (_server is not null)
        {
            await connection.ExecuteAsync(BulkStatements.PlannerSettings);
        }

        return connection;
    }

    /// <summary>Opens a pooled connection, for callers that cannot wait asynchronously.</summary>
    public DbConnection Open()
    {
        if (_server is not null)
        {
            return _server.OpenConnection();
        }

        var connection = new SqliteConnection(_file);
        connection.Open();
        connection.Execute(Pragmas);
        return connection;
    }

    private string Pragmas => $"PRAGMA synchronous = {_synchronous}";

    /// <summary>Reads the server's clock.</summary>
    /// <returns>Null for a database file.</returns>
    public async Task<DateTimeOffset?> ServerTimeAsync(CancellationToken cancellationToken)
    {
        if (_server is null)
        {
            return null;
        }

        var now = await ReadAsync(connection => connection.ExecuteScalarAsync<DateTime>("SELECT clock_timestamp()"), cancellationToken);
        return new DateTimeOffset(now.ToUniversalTime());
    }

    /// <summary>The SQL comparison with a list parameter, which the two databases write differently.</summary>
    public string InList(string parameter) => _server is null ? $"IN @{parameter}" : $"= ANY(@{parameter})";

    /// <summary>Migrates the schema. Retries until the server is reachable.</summary>
    public Task MigrateAsync(CancellationToken cancellationToken) => UntilReachableAsync(
        async () =>
        {
            await using var connection = await OpenAsync(cancellationToken);
            await MigrateAsync(connection, cancellationToken);
        },
        cancellationToken);

    /// <summary>
    /// Runs an action that no other gateway of the server runs at the same time. A database file has one gateway. What the action overwrites is
    /// removed from the file.
    /// </summary>
    public async Task ExclusiveAsync(Func<DbConnection, CancellationToken, Task> action, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        if (_server is null)
        {
            await connection.ExecuteAsync("PRAGMA secure_delete = ON");
            await action(connection, cancellationToken);
            await connection.ExecuteAsync("PRAGMA wal_checkpoint(TRUNCATE)");
            return;
        }

        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync($"SELECT pg_advisory_xact_lock({ActionLock})", transaction: transaction);
        await action(connection, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Runs an action. Retries until the server is reachable.</summary>
    /// <exception cref="InvalidOperationException">The server's certificate is not accepted.</exception>
    public async Task UntilReachableAsync(Func<Task> action, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await action();
                return;
            }
            catch (NpgsqlException exception) when (exception.InnerException is AuthenticationException refused)
            {
                throw new InvalidOperationException(
                    $"The TLS connection to the database server failed: {refused.Message} In Multimodal:Store:Postgresql, set Root Certificate to the PEM file of the authority that signed the server's certificate, and Host to a name in that certificate.",
                    exception);
            }
            catch (NpgsqlException exception) when (Explains(exception))
            {
                await Task.Delay(RetryDelay, _time, cancellationToken);
            }
        }
    }

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>A connection from the pool may be broken, so only a call shows that the server is back.</summary>
    private async Task ProbeAsync(DbConnection connection)
    {
        try
        {
            await connection.ExecuteScalarAsync<int>("SELECT 1");
            _outage.Connected();
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private async Task MigrateAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        if (_server is null)
        {
            // With the write-ahead log readers do not wait for the writer, and a commit is one append and one flush instead of two.
            await connection.ExecuteAsync("PRAGMA journal_mode = WAL");

            // This transaction starts with the write lock, so that one of several processes migrates.
            await using var exclusive = await connection.BeginTransactionAsync(cancellationToken);
            await RequestSchema.ApplyAsync(exclusive, "SELECT name FROM pragma_table_info(@table)");
            await exclusive.CommitAsync(cancellationToken);
            return;
        }

        // IF NOT EXISTS does not protect two gateways that start at the same time; the lock does.
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync($"SELECT pg_advisory_xact_lock({MigrationLock})", transaction: transaction);
        if (new NpgsqlConnectionStringBuilder(connection.ConnectionString).SearchPath is { Length: > 0 } schema)
        {
            await connection.ExecuteAsync($"CREATE SCHEMA IF NOT EXISTS \"{schema}\"", transaction: transaction);
        }

        await RequestSchema.ApplyAsync(
            transaction, "SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(@table) AND attnum > 0 AND NOT attisdropped");
        await connection.ExecuteAsync(RequestSchema.Compression, transaction: transaction);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>An arbitrary number, the same in all gateways.</summary>
    private const int MigrationLock = 730_152;

    /// <summary>Another one.</summary>
    private const int ActionLock = 730_153;
}
