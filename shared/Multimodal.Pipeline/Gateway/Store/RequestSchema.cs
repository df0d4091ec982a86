using System.Data.Common;
using Dapper;

namespace Multimodal.Pipeline.Gateway.Store;

/// <summary>
/// The tables, and their migration from the database of any earlier build: missing tables, then columns, then indexes. Nothing is renamed
/// or dropped, so an earlier build can still use the database.
/// </summary>
internal static class RequestSchema
{
    /// <summary>Creates missing tables, columns and indexes.</summary>
    /// <param name="transaction">A transaction that excludes other migrations.</param>
    /// <param name="columnsOf">The database's query for the column names of a <c>@table</c>.</param>
    public static async Task ApplyAsync(DbTransaction transaction, string columnsOf)
    {
        var connection = transaction.Connection!;
        await connection.ExecuteAsync(Tables, transaction: transaction);
        foreach (var (table, column, type) in Added)
        {
            // Checked first, because ALTER TABLE on a server locks the table even if there is nothing to add.
            var existing = await connection.QueryAsync<string>(columnsOf, new { table }, transaction);
            if (!existing.Contains(column, StringComparer.Ordinal))
            {
                await connection.ExecuteAsync($"ALTER TABLE {table} ADD COLUMN {column} {type}", transaction: transaction);
            }
        }

        await connection.ExecuteAsync(Indexes, transaction: transaction);
    }

    /// <summary>Columns added after their table, oldest first. They allow NULL or have a default, because rows may exist.</summary>
    private static readonly (string Table, string Column, string Type)[] Added =
    [
        ("subscriptions", "url", "TEXT NULL"),
        ("subscriptions", "secret", "TEXT NULL"),
        ("subscriptions", "numbered", "BIGINT NOT NULL DEFAULT 0"),
        ("deliveries", "number", "BIGINT NULL"),
        ("requests", "gate", "TEXT NULL"),
        ("requests", "label", "TEXT NULL"),
        ("requests", "confidence", "DOUBLE PRECISION NULL"),
    ];

    private const string Tables = """
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
        CREATE TABLE IF NOT EXISTS payloads (
            request_id TEXT NOT NULL,
            modality TEXT NOT NULL,
            content BYTEA NOT NULL,
            PRIMARY KEY (request_id, modality)
        );
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
        CREATE TABLE IF NOT EXISTS protection_keys (
            name TEXT NOT NULL PRIMARY KEY,
            xml TEXT NOT NULL,
            created_at BIGINT NOT NULL
        );
        """;

    /// <summary>
    /// Has the server compress the JSON of requests with LZ4, which takes a fraction of the time of the default. Servers before PostgreSQL 14 and those
    /// built without LZ4 keep the default. Existing rows stay as they are.
    /// </summary>
    public const string Compression = """
        DO $$
        DECLARE isOther BOOLEAN;
        BEGIN
            IF current_setting('server_version_num')::INT < 140000 THEN
                RETURN;
            END IF;
            EXECUTE 'SELECT EXISTS (SELECT 1 FROM pg_attribute WHERE attrelid = ''requests''::regclass AND attname IN (''fuse'', ''result'', ''opinions'') AND attcompression <> ''l'')'
            INTO isOther;
            IF isOther THEN
                EXECUTE 'ALTER TABLE requests ALTER COLUMN fuse SET COMPRESSION lz4, ALTER COLUMN result SET COMPRESSION lz4, ALTER COLUMN opinions SET COMPRESSION lz4';
            END IF;
        EXCEPTION WHEN feature_not_supported THEN
            NULL;
        END $$
        """;

    private const string Indexes = """
        CREATE INDEX IF NOT EXISTS requests_waiting ON requests (deadline) WHERE done_at IS NULL;
        CREATE INDEX IF NOT EXISTS requests_done ON requests (done_at) WHERE done_at IS NOT NULL;
        CREATE INDEX IF NOT EXISTS requests_gate ON requests (tenant, ensemble, gate, id, label, confidence) WHERE gate IS NOT NULL;
        CREATE INDEX IF NOT EXISTS deliveries_request ON deliveries (request_id);
        CREATE INDEX IF NOT EXISTS deliveries_numbered ON deliveries (tenant, subscription, number);
        CREATE INDEX IF NOT EXISTS deliveries_due ON deliveries (due_at) WHERE state = 'waiting';
        CREATE INDEX IF NOT EXISTS deliveries_state ON deliveries (tenant, subscription, state, request_id) WHERE state IS NOT NULL;
        """;
}
