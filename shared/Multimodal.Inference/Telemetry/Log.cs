using Microsoft.Extensions.Logging;

namespace Multimodal.Inference.Telemetry;

/// <summary>Every log event of this assembly's sessions and experts; never payload.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Experts run on the CPU: {Reason} {Remedy}")]
    public static partial void NoGpuLibrary(ILogger logger, string reason, string remedy);

    [LoggerMessage(2, LogLevel.Warning, "Expert {Expert} falls back to the CPU, its GPU cannot be used: {Reason} {Remedy}")]
    public static partial void GpuUnusable(ILogger logger, string expert, string reason, string remedy);

    [LoggerMessage(3, LogLevel.Information, "Expert {Expert} {Version} is ready on {Device} after {Seconds:F2} s")]
    public static partial void Ready(ILogger logger, string expert, string version, string device, double seconds);

    [LoggerMessage(4, LogLevel.Warning, "Expert {Expert} has no memory left on {Device} for one item")]
    public static partial void OutOfMemory(ILogger logger, Exception exception, string expert, string device);

    [LoggerMessage(5, LogLevel.Error, "Expert {Expert} failed on an item")]
    public static partial void ItemFailed(ILogger logger, Exception? exception, string expert);

    [LoggerMessage(6, LogLevel.Warning, "Expert {Expert} gave numbers that are no opinion: not finite, or not probabilities")]
    public static partial void NoOpinion(ILogger logger, string expert);

    [LoggerMessage(7, LogLevel.Error, "Expert {Expert} does not end its last batch; its session stays open until the process ends")]
    public static partial void WouldNotStop(ILogger logger, string expert);
}
