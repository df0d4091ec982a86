using System.Data.Common;
using System.Threading.Channels;
using Multimodal.Pipeline.Telemetry;

namespace Multimodal.Pipeline.Gateway.Store;

/// <summary>
/// The single writer. Whatever has queued up while one commit was on its way to the disk shares the next commit, so the cost of
/// a flush is divided among the requests in flight and an idle service still commits at once. Writes that lock a row which other gateways lock too
/// come last in a commit and in the order of their locks, the same in every gateway, so that no two gateways wait for each other.
/// </summary>
internal sealed class GroupedWriter : IAsyncDisposable
{
    private readonly RequestDatabase _database;
    private readonly int _limit;
    private readonly Channel<Write> _queue = Channel.CreateBounded<Write>(new BoundedChannelOptions(4096) { SingleReader = true });
    private readonly Task _loop;
    private DbConnection? _connection;

    /// <param name="database">Where to write.</param>
    /// <param name="limit">The most writes per commit.</param>
    public GroupedWriter(RequestDatabase database, int limit)
    {
        _database = database;
        _limit = limit;
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Runs a write; when the task ends the write is durable.</summary>
    /// <param name="write">Runs on an open transaction; may run twice, so it must have no effect beside its SQL.</param>
    /// <param name="locks">Names the row that it keeps from others until the commit; null when it takes none that others want.</param>
    /// <exception cref="DbException">The write failed, alone; others in its group are not harmed.</exception>
    public async Task<T> RunAsync<T>(Func<DbTransaction, Task<T>> write, string? locks = null)
    {
        var result = default(T)!;
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await _queue.Writer.WriteAsync(new Write(async transaction => result = await write(transaction), locks, done));
        await done.Task;
        return result;
    }

    /// <summary>Finishes what is queued.</summary>
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

    /// <summary>The writer's own connection, for as long as it serves.</summary>
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
            PipelineMetrics.Committed(group.Count);
        }
        catch (Exception) when (group.Count > 1)
        {
            // One of them is at fault, or the connection; alone, each gets its own outcome.
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
            group[0].Done.SetException(exception);
            return;
        }

        foreach (var write in group)
        {
            write.Done.SetResult();
        }
    }

    private sealed record Write(Func<DbTransaction, Task> Execute, string? Locks, TaskCompletionSource Done);
}
