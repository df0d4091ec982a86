namespace Multimodal.Inference.Batching;

/// <summary>What was measured about the runs of a model.</summary>
/// <param name="BestSize">The batch size beyond which the time per item hardly falls.</param>
/// <param name="Single">Run time of one item.</param>
internal readonly record struct BatchProfile(int BestSize, TimeSpan Single)
{
    // A larger batch delays its first items. It must be worth more than the noise of the measurement.
    private const double Worthwhile = 1.05;

    // A batch that is too small costs throughput as long as the process runs, so one disturbed measurement does not reject a size.
    private const int Attempts = 3;

    /// <summary>Nothing is known: batches grow up to the configured size, and never wait for a saving that may not exist.</summary>
    public static BatchProfile Unknown { get; } = new(int.MaxValue, TimeSpan.Zero);

    /// <summary>Measures sizes 1, 2, 4, ... as long as the time per item falls.</summary>
    /// <param name="maxSize">Largest size.</param>
    /// <param name="measure">Returns the time of one run of a size.</param>
    public static BatchProfile Measure(int maxSize, Func<int, TimeSpan> measure)
    {
        var (best, single) = (1, measure(1));
        while (best < maxSize)
        {
            var size = Math.Min(best * 2, maxSize);
            if (!Enumerable.Range(0, Attempts).Any(_ => Saves(best, size, measure)))
            {
                break;
            }

            best = size;
        }

        return new BatchProfile(best, single);
    }

    private static bool Saves(int size, int larger, Func<int, TimeSpan> measure) =>
        measure(larger) / larger * Worthwhile <= measure(size) / size;
}
