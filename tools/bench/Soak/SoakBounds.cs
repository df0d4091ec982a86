namespace Multimodal.Bench.Soak;

/// <summary>How much each kind of figure may rise within the second half of a run.</summary>
internal static class SoakBounds
{
    /// <summary>Fits every figure that occurs in the last sample.</summary>
    public static IReadOnlyList<Growth> Check(IReadOnlyList<SoakSample> samples) =>
        [.. samples[^1].Values.Keys.Select(name => Growth.Of(name, samples, mean => Bound(name, mean)))];

    private static double Bound(string name, double mean) => name[(name.IndexOf(':', StringComparison.Ordinal) + 2)..] switch
    {
        // After a collection: what the requests in flight and the caches hold.
        "heap MiB" => 8 + (0.1 * mean),

        // The heap between collections, and the arenas of native libraries.
        "resident MiB" => 32 + (0.1 * mean),

        // The thread pool follows the load within seconds.
        "threads" => 8 + (0.1 * mean),

        // Connections of clients that come and go.
        "open files" => 12 + (0.1 * mean),

        // One process for each file that ffmpeg decodes.
        "children" => 2,
        "messages" => 20,

        // Rows stay for the retention time. The rate of the load is constant, so their number is, too.
        "rows" => 30 + (0.15 * mean),
        "files" => 20,
        _ => 8,
    };
}
