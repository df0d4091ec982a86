namespace Multimodal.Inference.Batching;

/// <summary>What was measured about the runs of a model.</summary>
/// <param name="BestSize">The largest batch size up to which the time per item does not rise.</param>
/// <param name="Single">Run time of one item.</param>
internal readonly record struct BatchProfile(int BestSize, TimeSpan Single)
{
    // Each batch has a cost of its own outside the model, so at the same time per item the larger one is better. This much is noise of the measurement.
    private const double Noise = 1.05;

    // A batch that is too small costs throughput as long as the process runs, so one disturbed measurement does not reject a size.
    private const int Attempts = 3;

    /// <summary>Nothing is known: batches grow up to the configured size, and never wait for a saving that may not exist.</summary>
    public static BatchProfile Unknown { get; } = new(int.MaxValue, TimeSpan.Zero);

    /// <summary>Measures sizes 1, 2, 4, ... as long as the time per item does not rise.</summary>
    /// <param name="maxSize">Largest size.</param>
    /// <param name="measure">Returns the time of one run of a size.</param>
    public static BatchProfile Measure(int maxSize, Func<int, TimeSpan> measure)
    {
        var (best, single) = (1, measure(1));
        var perItem = single;
        while (best < maxSize)
        {
            var size = Math.Min(best * 2, maxSize);
            if (!Enumerable.Range(0, Attempts).Any(_ => IsAsFast(measure(size) / size, ref perItem)))
            {
                break;
            }

            best = size;
        }

        return new BatchProfile(best, single);
    }

    private static bool IsAsFast(TimeSpan larger, ref TimeSpan perItem)
    {
        var isAsFast = larger <= perItem * Noise;
        perItem = larger < perItem ? larger : perItem;
        return isAsFast;
    }
}
