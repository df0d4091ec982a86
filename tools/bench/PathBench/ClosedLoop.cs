namespace Multimodal.Bench.PathBench;

/// <summary>Clients that each wait for their answer before the next request.</summary>
internal static class ClosedLoop
{
    /// <summary>Sends requests until the duration has passed.</summary>
    /// <param name="clients">Number of clients.</param>
    /// <param name="duration">Duration of the run.</param>
    /// <param name="ask">Sends one request and completes with its answer.</param>
    /// <param name="time">The clock.</param>
    public static async Task<LoopFigures> RunAsync(int clients, TimeSpan duration, Func<Task> ask, TimeProvider time)
    {
        var taken = new List<double>[clients];
        var start = time.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, clients).Select(async client =>
        {
            var mine = taken[client] = [];
            while (time.GetElapsedTime(start) < duration)
            {
                mine.Add(await MeasureAsync(ask, time));
            }
        }));
        var elapsed = time.GetElapsedTime(start);
        return new LoopFigures([.. taken.SelectMany(mine => mine)], elapsed);
    }

    // Long enough to keep each program as warm as when it runs alone, short enough that disturbances of the machine affect both.
    private const int RequestsPerTurn = 25;

    /// <summary>One client that alternates between two programs, a few requests each, until the duration has passed.</summary>
    public static async Task<(LoopFigures First, LoopFigures Second)> AlternateAsync(
        TimeSpan duration, Func<Task> first, Func<Task> second, TimeProvider time)
    {
        var (ofFirst, ofSecond) = (new List<double>(), new List<double>());
        var start = time.GetTimestamp();
        while (time.GetElapsedTime(start) < duration)
        {
            foreach (var (ask, taken) in new[] { (first, ofFirst), (second, ofSecond) })
            {
                for (var number = 0; number < RequestsPerTurn; number++)
                {
                    taken.Add(await MeasureAsync(ask, time));
                }
            }
        }

        var elapsed = time.GetElapsedTime(start);
        return (new LoopFigures(ofFirst, elapsed), new LoopFigures(ofSecond, elapsed));
    }

    private static async Task<double> MeasureAsync(Func<Task> ask, TimeProvider time)
    {
        var asked = time.GetTimestamp();
        await ask();
        return time.GetElapsedTime(asked).TotalMilliseconds;
    }

    /// <summary>The median; the upper one of an even number of values.</summary>
    public static double Median(IEnumerable<double> values) => values.Order().ToArray() is { Length: > 0 } sorted ? sorted[sorted.Length / 2] : double.NaN;
}
