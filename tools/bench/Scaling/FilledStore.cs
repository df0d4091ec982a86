using System.Data.Common;
using System.Globalization;
using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Multimodal.Bench.PathBench;
using Multimodal.Bench.Services;
using Multimodal.Pipeline.Blobs;
using Multimodal.Pipeline.Gateway.Store;

namespace Multimodal.Bench.Scaling;

/// <summary>
/// A request database with many answered requests, every tenth with a delivery to a webhook and one to an event stream. The rows are shorter than real ones, so that ten million of them fit
/// on the disk.
/// </summary>
internal sealed class FilledStore : IAsyncDisposable
{
    /// <summary>The tenant of all rows.</summary>
    public const string Tenant = "tenant";

    /// <summary>The ensemble of all rows.</summary>
    public const string Ensemble = "digits";

    /// <summary>Name of a subscription that is a webhook.</summary>
    public const string Hook = "hook";

    private const int StepMs = 10;
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly PostgresProcess? _server;

    private FilledStore(string folder, PostgresProcess? server, TimeProvider time)
    {
        _server = server;
        var options = new StoreOptions { SurvivePowerLoss = false };
        if (server is not null)
        {
            (options.Kind, options.Postgresql) = (StoreOptions.Postgres, server.ConnectionString());
        }

        Database = new RequestDatabase(Path.Combine(folder, "requests.db"), options, time, NullLogger<RequestDatabase>.Instance);
        Writer = new GroupedWriter(Database, options.CommitGroup);
        Requests = new RequestStore(Database, Writer, new BlobOptions());
    }

    public RequestDatabase Database { get; }

    public GroupedWriter Writer { get; }

    public RequestStore Requests { get; }

    /// <summary>Number of requests that were filled in.</summary>
    public int Count { get; private set; }

    /// <summary>Processor time of this process and of the server.</summary>
    public TimeSpan Used => Environment.CpuUsage.TotalTime + (_server is null ? TimeSpan.Zero : CpuClock.UsedByTree(_server.ProcessId));

    /// <summary>Creates an empty database.</summary>
    /// <param name="run">The run.</param>
    /// <param name="isServer">Whether it is a PostgreSQL server, else a SQLite file.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public static async Task<FilledStore> CreateAsync(ScalingRun run, bool isServer, CancellationToken cancellationToken)
    {
        var server = isServer ? new PostgresProcess(Path.Combine(run.Folder, "postgresql"), run.Time) : null;
        if (server is not null && !OperatingSystem.IsWindows())
        {
            // The server runs as another user, which must reach its folder.
            File.SetUnixFileMode(run.Folder, File.GetUnixFileMode(run.Folder) | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
            await server.StartAsync(cancellationToken);
        }

        var store = new FilledStore(run.Folder, server, run.Time);
        await store.Database.MigrateAsync(cancellationToken);
        await using var connection = await store.Database.OpenAsync(cancellationToken);
        if (server is not null)
        {
            // Its work would be counted with that of the measured operation.
            await connection.ExecuteAsync("ALTER SYSTEM SET autovacuum = off");
            await connection.ExecuteAsync("SELECT pg_reload_conf()");
        }

        await connection.ExecuteAsync(
            "INSERT INTO subscriptions (tenant, name, kind, statuses, expires_seconds, created_at, expires_at) VALUES (@Tenant, @Hook, 'webhook', '', 1000000, 1, @never), (@Tenant, 'live', 'events', '', 1000000, 1, @never)",
            new { Tenant, Hook, never = long.MaxValue / 2 });
        return store;
    }

    /// <summary>The id of a row.</summary>
    public static Guid Id(int row) => Guid.ParseExact(string.Create(CultureInfo.InvariantCulture, $"{DoneAt(row).ToUnixTimeMilliseconds():x12}70008000{row:x12}"), "n");

    /// <summary>When the request of a row was answered.</summary>
    public static DateTimeOffset DoneAt(int row) => Start.AddMilliseconds((long)row * StepMs);

    /// <summary>Adds rows until there is a number of them.</summary>
    public async Task FillAsync(int count, CancellationToken cancellationToken)
    {
        await using var connection = await Database.OpenAsync(cancellationToken);
        var (hex, series) = _server is null
            ? ("printf('%012x', {0})", "WITH RECURSIVE series(i) AS (SELECT @from UNION ALL SELECT i + 1 FROM series WHERE i < @to - 1) ")
            : ("lpad(to_hex({0}), 12, '0')", "WITH series AS (SELECT i FROM generate_series(CAST(@from AS bigint), @to - 1) AS i) ");
        string Hex(string value) => string.Format(CultureInfo.InvariantCulture, hex, value);
        var id = $"{Hex("@start + i * @step")} || '70008000' || {Hex("i")}";
        var arguments = new { from = (long)Count, to = (long)count, start = Start.ToUnixTimeMilliseconds(), step = (long)StepMs, Tenant, Ensemble, Hook, text = new string('x', 100) };
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await RunAsync(transaction, $"""
            INSERT INTO requests (id, tenant, ensemble, idempotency_key, fingerprint, fuse, accepted_at, budget, deadline, sends, done_at, result, opinions, gate, label, confidence)
            {series}
            SELECT {id}, @Tenant, @Ensemble, CASE WHEN i % 10 = 0 THEN 'key-' || i END, 'print', @text, @start + i * @step - 20, 5000, @start + i * @step + 4980, 1,
                @start + i * @step, @text, '', 'v1', CAST(i % 10 AS TEXT), 0.9 FROM series
            """, arguments);
        await RunAsync(transaction, $"""
            INSERT INTO deliveries (tenant, subscription, request_id, status, recorded_at, state, tries, due_at, outcome)
            {series} SELECT @Tenant, @Hook, {id}, 'completed', @start + i * @step, 'delivered', 1, @start + i * @step, '200' FROM series WHERE i % 10 = 0
            """, arguments);
        await RunAsync(transaction, $"""
            INSERT INTO deliveries (tenant, subscription, request_id, status, recorded_at, tries, due_at, number)
            {series} SELECT @Tenant, 'live', {id}, 'completed', @start + i * @step, 0, @start + i * @step, i / 10 + 1 FROM series WHERE i % 10 = 5
            """, arguments);
        await transaction.CommitAsync(cancellationToken);
        await connection.ExecuteAsync(_server is null ? "ANALYZE; PRAGMA wal_checkpoint(TRUNCATE)" : "VACUUM (ANALYZE)", commandTimeout: 0);
        Count = count;
    }

    public async ValueTask DisposeAsync()
    {
        await Writer.DisposeAsync();
        await Database.DisposeAsync();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    private static Task<int> RunAsync(DbTransaction transaction, string sql, object arguments) =>
        transaction.Connection!.ExecuteAsync(sql, arguments, transaction, commandTimeout: 0);
}
