namespace Multimodal.Bench.Scaling;

/// <summary>Open event streams of a service, and the number of results that they received.</summary>
/// <param name="http">A client of the service.</param>
internal sealed class OpenStreams(HttpClient http) : IAsyncDisposable
{
    private readonly CancellationTokenSource _closed = new();
    private readonly List<Task> _reading = [];
    private int _received;

    /// <summary>Number of open streams.</summary>
    public int Count => _reading.Count;

    /// <summary>Results received so far, over all streams.</summary>
    public int Received => Volatile.Read(ref _received);

    /// <summary>Opens streams until there is a number of them.</summary>
    /// <param name="count">The number.</param>
    /// <param name="subscription">The subscription of each.</param>
    /// <param name="cancellationToken">Cancels the opening.</param>
    public async Task OpenAsync(int count, Func<int, string> subscription, CancellationToken cancellationToken)
    {
        var opened = new Task[Math.Max(0, count - Count)];
        await Parallel.ForAsync(0, opened.Length, cancellationToken, async (number, cancel) =>
        {
            var response = await http.GetAsync(
                new Uri($"v1/events?subscription={subscription(Count + number)}", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, cancel);
            response.EnsureSuccessStatusCode();
            opened[number] = ReadAsync(response);
        });
        _reading.AddRange(opened);
    }

    /// <summary>Closes all streams.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync();
        await Task.WhenAll(_reading);
        _closed.Dispose();
    }

    private async Task ReadAsync(HttpResponseMessage response)
    {
        using (response)
        {
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(_closed.Token));
            try
            {
                while (await reader.ReadLineAsync(_closed.Token) is { } line)
                {
                    if (line == "event: result")
                    {
                        Interlocked.Increment(ref _received);
                    }
                }
            }
            catch (OperationCanceledException)
            {
                // The stream is closed on purpose.
            }
        }
    }
}
