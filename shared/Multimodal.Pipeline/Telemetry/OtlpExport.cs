using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Multimodal.Pipeline.Telemetry;

/// <summary>Logs where telemetry goes, and sends what is left of it at the end.</summary>
/// <remarks>The container disposes of the providers, which would wait five seconds each for a collector that is away.</remarks>
internal sealed partial class OtlpExport(
    TelemetryOptions options, IEnumerable<TracerProvider> traces, IEnumerable<MeterProvider> metrics, ILogger<OtlpExport> logger) : IHostedService
{
    private static readonly TimeSpan LastFlush = TimeSpan.FromSeconds(3);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        LogExporting(options.Otlp.Endpoint, options.Otlp.Protocol);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (var provider in traces)
        {
            provider.Shutdown((int)LastFlush.TotalMilliseconds);
        }

        foreach (var provider in metrics)
        {
            provider.Shutdown((int)LastFlush.TotalMilliseconds);
        }

        return Task.CompletedTask;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Telemetry goes to {Endpoint} by OTLP over {Protocol}.")]
    private partial void LogExporting(string endpoint, string protocol);
}
