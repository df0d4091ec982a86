using System.Collections.Concurrent;
using Multimodal.Inference.Media;

namespace Multimodal.Inference.Audio.Backends.Ffmpeg;

/// <summary>The limit on ffmpeg processes that run at the same time.</summary>
internal static class FfmpegPlaces
{
    // A service has one limit; tests have several.
    private static readonly ConcurrentDictionary<int, SemaphoreSlim> ByCount = new();

    /// <summary>Returns the places that the options allow. A process takes one while it runs.</summary>
    public static SemaphoreSlim For(MediaOptions limits) => ByCount.GetOrAdd(
        limits.FfmpegProcesses > 0 ? limits.FfmpegProcesses : Environment.ProcessorCount, static count => new SemaphoreSlim(count));
}
