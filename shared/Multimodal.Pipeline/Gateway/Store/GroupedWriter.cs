using System.Data.Common;
using System.Threading.Channels;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Telemetry;

namespace Multimodal.Pipeline.Gateway.Store;

/// <summary>
/// The single writer to the database. Writes that queue up during one commit share the next, which divides the cost of a disk flush among
/// them. An idle gateway still commits at once. Some writes lock rows that other gateways lock too. They come last in a commit and in the
/// order of their locks, which is the same in every gateway, so that gateways cannot deadlock.
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
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await _queue.Writer.WriteAsync(new Write(async transaction => result = await write(transaction), locks, done));
        await done.Task;
        return result;
    }

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

            await CommitAsync([.. group.OrderBy(write => write.Locks, StringComparer.Ordinal)]);
            group.Clear();
        }

        await DisconnectAsync();
    }

    /// <summary>Opens the writer's connection on first use.</summary>
    private async Task<DbConnection> ConnectAsync() => _connection ??= await _database.OpenAsync(CancellationToken.None);

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
            await using var transaction = await connection.BeginTransactionAsync();
            foreach (var write in group)
            {
                await write.Execute(transaction);
            }

            await transaction.CommitAsync();
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

    private sealed record Write(Func<DbTransaction, Task> Execute, string? Locks, TaskCompletionSource Done);
}
