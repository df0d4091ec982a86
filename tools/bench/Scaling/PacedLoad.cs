namespace Multimodal.Bench.Scaling;

/// <summary>Calls at given times, regardless of when earlier calls end.</summary>
internal static class PacedLoad
{
    /// <summary>Times at an even rate.</summary>
    public static IEnumerable<TimeSpan> EvenTimes(double perSecond, TimeSpan duration)
    {
        for (var number = 0; number < perSecond * duration.TotalSeconds; number++)
        {
            yield return TimeSpan.FromSeconds(number / perSecond);
        }
    }

    /// <summary>Times of many independent callers: a Poisson process.</summary>
    public static IEnumerable<TimeSpan> RandomTimes(double perSecond, TimeSpan duration, Random random)
    {
        for (var at = TimeSpan.Zero; at < duration; at += TimeSpan.FromSeconds(-Math.Log(1 - random.NextDouble()) / perSecond))
        {
            yield return at;
        }
    }

    /// <summary>Makes the calls and waits for all of them.</summary>
    /// <param name="times">When to make each call, from the start.</param>
    /// <param name="ask">Makes a call.</param>
    /// <param name="time">The clock.</param>
    /// <returns>The milliseconds from the time of each call to its end.</returns>
    public static async Task<IReadOnlyList<double>> RunAsync(IEnumerable<TimeSpan> times, Func<Task> ask, TimeProvider time)
    {
        var calls = new List<Task<double>>();
        var start = time.GetTimestamp();
        foreach (var at in times)
        {
            var ahead = at - time.GetElapsedTime(start);
            if (ahead > TimeSpan.Zero)
            {
                await Task.Delay(ahead, time);
            }

            calls.Add(MeasureAsync(ask, time));
        }

        return await Task.WhenAll(calls);
    }

    private static async Task<double> MeasureAsync(Func<Task> ask, TimeProvider time)
    {
        var start = time.GetTimestamp();
        await ask();
        return time.GetElapsedTime(start).TotalMilliseconds;
    }
}
