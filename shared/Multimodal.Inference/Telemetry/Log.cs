using Microsoft.Extensions.Logging;

namespace Multimodal.Inference.Telemetry;

/// <summary>The log events of sessions and experts. They never contain payload.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Experts run on the CPU: {Reason} {Remedy}")]
    public static partial void GpuProviderAbsent(ILogger logger, string reason, string remedy);

    [LoggerMessage(2, LogLevel.Warning, "Expert {Expert} runs on the CPU because its GPU cannot be used: {Reason} {Remedy}")]
    public static partial void GpuUnusable(ILogger logger, string expert, string reason, string remedy);

    [LoggerMessage(3, LogLevel.Information, "Expert {Expert} {Version} is ready on {Device} after {Seconds:F2} s; its best batch size is {BatchSize}")]
    public static partial void Ready(ILogger logger, string expert, string version, string device, double seconds, int batchSize);

    [LoggerMessage(4, LogLevel.Warning, "Expert {Expert} declined an item because {Device} has no memory left for it")]
    public static partial void OutOfMemory(ILogger logger, Exception exception, string expert, string device);

    [LoggerMessage(5, LogLevel.Error, "Expert {Expert} declined an item because its preprocessing or model failed")]
    public static partial void ItemFailed(ILogger logger, Exception? exception, string expert);

    [LoggerMessage(6, LogLevel.Warning, "Expert {Expert} declined an item because its model returned invalid log-probabilities")]
    public static partial void InvalidOutput(ILogger logger, string expert);

    [LoggerMessage(7, LogLevel.Error, "The last batch of expert {Expert} did not end; its session stays open until the process exits")]
    public static partial void BatchDidNotStop(ILogger logger, string expert);
}
