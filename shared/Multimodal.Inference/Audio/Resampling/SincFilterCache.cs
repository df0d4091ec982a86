using System.Collections.Concurrent;

namespace Multimodal.Inference.Audio.Resampling;

/// <summary>Caches filters, because a design takes milliseconds and most files have one of a dozen sample rates.</summary>
internal static class SincFilterCache
{
    // Clients choose the input rate, so the cache must be bounded. A filter takes at most 3 MB.
    private const int MaxCount = 16;

    private static readonly ConcurrentDictionary<(int Input, int Output), SincFilter> Filters = new();

    /// <summary>Returns the filter for two different rates, in hertz. Thread-safe.</summary>
    public static SincFilter Get(int inputRate, int outputRate)
    {
        if (Filters.TryGetValue((inputRate, outputRate), out var filter))
        {
            return filter;
        }

        filter = SincFilter.Design(inputRate, outputRate);
        if (Filters.Count >= MaxCount)
        {
            Filters.Clear();
        }

        Filters[(inputRate, outputRate)] = filter;
        return filter;
    }
}
