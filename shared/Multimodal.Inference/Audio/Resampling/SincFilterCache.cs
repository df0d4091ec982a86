using System.Collections.Concurrent;

namespace Multimodal.Inference.Audio.Resampling;

/// <summary>Filters designed already: a design takes milliseconds, and almost all files have one of a dozen rates.</summary>
internal static class SincFilterCache
{
    // Clients choose the input rate, so the number is bounded: at most 3 MB each.
    private const int Most = 16;

    private static readonly ConcurrentDictionary<(int Input, int Output), SincFilter> Designed = new();

    /// <summary>The filter for two different rates; safe to use from many threads.</summary>
    public static SincFilter Get(int inputRate, int outputRate)
    {
        if (Designed.TryGetValue((inputRate, outputRate), out var filter))
        {
            return filter;
        }

        filter = SincFilter.Design(inputRate, outputRate);
        if (Designed.Count >= Most)
        {
            Designed.Clear();
        }

        Designed[(inputRate, outputRate)] = filter;
        return filter;
    }
}
