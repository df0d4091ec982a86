using System.Globalization;
using Microsoft.Data.Sqlite;
using Multimodal.Bench.Fuzz.Gateway;
using Multimodal.Bench.Services;

namespace Multimodal.Bench.Soak;

/// <summary>Reads the figures of a stack: memory, threads and files of each process, queues, rows, payloads.</summary>
/// <param name="stack">The stack.</param>
/// <param name="time">The clock.</param>
internal sealed class SoakSampler(Stack stack, TimeProvider time)
{
    private readonly List<SoakSample> _samples = [];

    /// <summary>The samples so far.</summary>
    public IReadOnlyList<SoakSample> Samples => _samples;

    /// <summary>Takes samples until cancelled.</summary>
    public async Task RunAsync(TimeSpan interval, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        while (!cancellationToken.IsCancellationRequested)
        {
            var values = new SortedDictionary<string, double>(StringComparer.Ordinal);
            foreach (var service in stack.Services)
            {
                await AddServiceAsync(values, service, cancellationToken);
            }

            AddProcess(values, "rabbitmq", stack.Broker.ProcessId);
            foreach (var (queue, messages) in await stack.Broker.QueuesAsync(cancellationToken))
            {
                // The queues of single processes have a random name.
                var name = queue.StartsWith("gateway.", StringComparison.Ordinal) || queue.StartsWith("clock.", StringComparison.Ordinal) ? queue[..queue.IndexOf('.', StringComparison.Ordinal)] : queue;
                values[$"queue {name}: messages"] = messages;
            }

            await AddRowsAsync(values, cancellationToken);
            values["payloads: files"] = Directory.Exists(stack.Payloads) ? Directory.GetFiles(stack.Payloads, "*", SearchOption.AllDirectories).Length : 0;
            _samples.Add(new SoakSample(time.GetElapsedTime(start).TotalSeconds, values));
            try
            {
                await Task.Delay(interval, time, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private static async Task AddServiceAsync(SortedDictionary<string, double> values, StackService service, CancellationToken cancellationToken)
    {
        var process = service.Process!.Id;
        ServiceMemory.Collect(process);
        values[$"{service.Name}: heap MiB"] = await ServiceMemory.ReadHeapMiBAsync(service.Http, cancellationToken);
        AddProcess(values, service.Name, process);
        values[$"{service.Name}: children"] = File.ReadAllText($"/proc/{process}/task/{process}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Length;
        foreach (var gauge in new[] { "multimodal_requests_in_flight", "multimodal_combiner_open", "multimodal_events_streams" })
        {
            values[$"{service.Name}: {gauge}"] = await Metrics.ReadAsync(service.Http, gauge, cancellationToken);
        }
    }

    private static void AddProcess(SortedDictionary<string, double> values, string name, int process)
    {
        values[$"{name}: resident MiB"] = ProcessFile.Kilobytes(process, "VmRSS") / 1024;
        values[$"{name}: threads"] = Directory.GetDirectories($"/proc/{process}/task").Length;
        values[$"{name}: open files"] = Directory.GetFileSystemEntries($"/proc/{process}/fd").Length;
    }

    private async Task AddRowsAsync(SortedDictionary<string, double> values, CancellationToken cancellationToken)
    {
        await using var database = new SqliteConnection($"Data Source={stack.RequestDatabase};Mode=ReadOnly;Pooling=False");
        await database.OpenAsync(cancellationToken);
        var tables = new List<string>();
        await using (var list = new SqliteCommand("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'", database))
        await using (var reader = await list.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                tables.Add(reader.GetString(0));
            }
        }

        foreach (var table in tables)
        {
            await using var count = new SqliteCommand($"SELECT count(*) FROM \"{table}\"", database);
            values[$"table {table}: rows"] = Convert.ToDouble(await count.ExecuteScalarAsync(cancellationToken), CultureInfo.InvariantCulture);
        }
    }
}
