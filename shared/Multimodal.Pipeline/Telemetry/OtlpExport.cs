using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Multimodal.Pipeline.Telemetry;

/// <summary>Logs the telemetry endpoint at the start, and flushes telemetry at shutdown.</summary>
/// <remarks>
/// Shuts the providers down with a timeout, because their disposal would wait five seconds each for an unreachable collector.
/// </remarks>
internal sealed partial class OtlpExport(
    TelemetryOptions options, IEnumerable<TracerProvider> traces, IEnumerable<MeterProvider> metrics, ILogger<OtlpExport> logger) : IHostedService
{
    private static readonly TimeSpan FlushTimeout = TimeSpan.FromSeconds(3);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        LogExporting(options.Otlp.Endpoint, options.Otlp.Protocol);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (var provider in traces)
        {
            provider.Shutdown((int)FlushTimeout.TotalMilliseconds);
        }

        foreach (var provider in metrics)
        {
            provider.Shutdown((int)FlushTimeout.TotalMilliseconds);
        }

        return Task.CompletedTask;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Exporting telemetry to {Endpoint} by OTLP over {Protocol}.")]
    private partial void LogExporting(string endpoint, string protocol);
}
