using System.Data.Common;
using System.Threading.Channels;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Telemetry;
using Npgsql;

namespace Multimodal.Pipeline.Gateway.Store;

/// <summary>
/// The single writer to the database. Writes that queue up during one commit share the next, which divides the cost of a disk flush among
/// them. An idle gateway still commits at once. A server takes the rows of a group together (<see cref="BulkStatements"/>). Some writes lock rows
/// that other gateways lock too. They come last in a commit and in the order of their locks, which is the same in every gateway, so that gateways
/// cannot deadlock.
/// </summary>
internal sealed class GroupedWriter : IAsyncDisposable
{
    private readonly RequestDatabase _database;
    private readonly int _limit;
    private readonly Channel<Write> _queue = Channel.CreateBounded<Write>(new BoundedChannelOptions(4096) { SingleReader = true });
    private readonly Task _loop;
    private DbConnection? _connection;

    /// <param name="database">The database.</param>
    /// <param name="limit">Maximum number of writes per commit.</param>
    public GroupedWriter(RequestDatabase database, int limit)
    {
        _database = database;
        _limit = limit;
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Runs a write. It is durable when the task completes.</summary>
    /// <param name="write">Runs in an open transaction. It may run twice, so its only effect must be its SQL.</param>
    /// <param name="locks">Identifies the row that the write locks until the commit; null if no other gateway locks it.</param>
    /// <exception cref="DbException">This write failed. Other writes of its group are not affected.</exception>
    public async Task<T> RunAsync<T>(Func<DbTransaction, Task<T>> write, string? locks = null)
    {
        var result = default(T)!;
        await RunAsync(new Write(async transaction => result = await write(transaction), locks));
        return result;
    }

    /// <summary>Writes a row and sets its outcome. It is durable when the task completes.</summary>
    /// <param name="row">The row.</param>
    /// <param name="write">Writes the row to a database file. It may run twice.</param>
    /// <exception cref="DbException">This write failed. Other writes of its group are not affected.</exception>
    public Task RunAsync(BulkRow row, Func<DbTransaction, Task> write) => RunAsync(new Write(write, null) { Row = row });

    /// <summary>Completes the queued writes.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _loop;
    }

    private async Task RunAsync()
    {
        var group = new List<Write>(_limit);
        while (await _queue.Reader.WaitToReadAsync())
        {
            while (group.Count < _limit && _queue.Reader.TryRead(out var write))
            {
                group.Add(write);
            }

            foreach (var part in Parts(group))
            {
                await CommitAsync(part);
            }

            group.Clear();
        }

        await DisconnectAsync();
    }

    private async Task RunAsync(Write write)
    {
        await _queue.Writer.WriteAsync(write);
        await write.Done.Task;
    }

    /// <summary>Splits a group into commits: for a server, the rows and the rest.</summary>
    private IEnumerable<List<Write>> Parts(List<Write> group) => group
        .GroupBy(write => !IsBulk(write))
        .OrderBy(part => part.Key)
        .Select(part => part.OrderBy(write => write.Locks, StringComparer.Ordinal).ToList());

    private bool IsBulk(Write write) => write.Row is not null && _database.IsServer;

    /// <summary>Opens the writer's connection on first use.</summary>
    private async Task<DbConnection> ConnectAsync() => _connection ??= await _database.OpenWriterAsync();

    private async Task DisconnectAsync()
    {
        if (_connection is { } connection)
        {
            _connection = null;
            await connection.DisposeAsync();
        }
    }

    private async Task CommitAsync(List<Write> group)
    {
        try
        {
            var connection = await ConnectAsync();
            await WriteAsync(connection, group);
            _database.Written();
            PipelineMetrics.Committed(group.Count);
        }
        catch (Exception) when (group.Count > 1)
        {
            // One write or the connection failed. Each write runs again alone and gets its own outcome.
            await DisconnectAsync();
            foreach (var write in group)
            {
                await CommitAsync([write]);
            }

            return;
        }
        catch (Exception exception)
        {
            await DisconnectAsync();
            group[0].Done.SetException(exception is DbException failed && _database.Explains(failed) ? new StoreUnavailableException(failed) : exception);
            return;
        }

        foreach (var write in group)
        {
            write.Done.SetResult();
        }
    }

    private async Task WriteAsync(DbConnection connection, List<Write> group)
    {
        if (IsBulk(group[0]))
        {
            await BulkStatements.RunAsync((NpgsqlConnection)connection, group.ConvertAll(write => write.Row!));
            return;
        }

        await using var transaction = await connection.BeginTransactionAsync();
        foreach (var write in group)
        {
            await write.Execute(transaction);
        }

        await transaction.CommitAsync();
    }

    private sealed record Write(Func<DbTransaction, Task> Execute, string? Locks)
    {
        public BulkRow? Row { get; init; }

        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
