namespace Multimodal.Bench.PathBench;

/// <summary>Clients that each wait for their answer before they ask again.</summary>
internal static class ClosedLoop
{
    /// <summary>Asks until the time is up.</summary>
    /// <param name="clients">Requests in flight.</param>
    /// <param name="duration">How long.</param>
    /// <param name="ask">One request, from first byte to answer.</param>
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
                mine.Add(await TakenAsync(ask, time));
            }
        }));
        var elapsed = time.GetElapsedTime(start);
        return new LoopFigures([.. taken.SelectMany(mine => mine)], elapsed);
    }

    // Long enough that each is measured as warm as when it is alone, short enough that what slows the machine down slows both.
    private const int InTurn = 25;

    /// <summary>One client that asks two parties in turn, a few requests each, until the time is up.</summary>
    public static async Task<(LoopFigures First, LoopFigures Second)> InTurnAsync(TimeSpan duration, Func<Task> first, Func<Task> second, TimeProvider time)
    {
        var (ofFirst, ofSecond) = (new List<double>(), new List<double>());
        var start = time.GetTimestamp();
        while (time.GetElapsedTime(start) < duration)
        {
            foreach (var (ask, taken) in new[] { (first, ofFirst), (second, ofSecond) })
            {
                for (var number = 0; number < InTurn; number++)
                {
                    taken.Add(await TakenAsync(ask, time));
                }
            }
        }

        var elapsed = time.GetElapsedTime(start);
        return (new LoopFigures(ofFirst, elapsed), new LoopFigures(ofSecond, elapsed));
    }

    private static async Task<double> TakenAsync(Func<Task> ask, TimeProvider time)
    {
        var asked = time.GetTimestamp();
        await ask();
        return time.GetElapsedTime(asked).TotalMilliseconds;
    }

    /// <summary>The middle value; the upper one of an even number.</summary>
    public static double Median(IEnumerable<double> values) => values.Order().ToArray() is { Length: > 0 } sorted ? sorted[sorted.Length / 2] : double.NaN;
}
