using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Multimodal.Pipeline.Requests;

/// <summary>
/// Opens connections and makes the schema: the one place that knows which database it is. Everything else is SQL that SQLite and
/// PostgreSQL both take (text ids, BIGINT milliseconds since 1970, ON CONFLICT).
/// </summary>
internal sealed class RequestDatabase
{
    private readonly string _connection;
    private readonly string _synchronous;

    /// <param name="file">The database file; made when missing.</param>
    /// <param name="survivePowerLoss">Whether a commit waits for the disk.</param>
    public RequestDatabase(string file, bool survivePowerLoss)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        _connection = new SqliteConnectionStringBuilder { DataSource = file, DefaultTimeout = 30 }.ToString();
        _synchronous = survivePowerLoss ? "FULL" : "NORMAL";
    }

    /// <summary>Opens a connection; pooled, so cheap.</summary>
    public async Task<DbConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var connection = new SqliteConnection(_connection);
        await connection.OpenAsync(cancellationToken);
        await connection.ExecuteAsync($"PRAGMA synchronous = {_synchronous}");
        return connection;
    }

    /// <summary>Makes what is missing of the schema.</summary>
    public async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);

        // Write-ahead log: readers do not wait for the writer, and a commit is one append (and one flush) instead of two.
        await connection.ExecuteAsync("PRAGMA journal_mode = WAL");
        await connection.ExecuteAsync(Schema);
    }

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
            UNIQUE (tenant, idempotency_key)
        );
        CREATE INDEX IF NOT EXISTS requests_waiting ON requests (deadline) WHERE done_at IS NULL;
        CREATE INDEX IF NOT EXISTS requests_done ON requests (done_at) WHERE done_at IS NOT NULL;
        CREATE TABLE IF NOT EXISTS feedback (
            request_id TEXT NOT NULL PRIMARY KEY,
            label TEXT NOT NULL,
            received_at BIGINT NOT NULL
        );
        """;
}
