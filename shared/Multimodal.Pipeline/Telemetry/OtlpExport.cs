using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Multimodal.Pipeline.Hosting;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Multimodal.Pipeline.Telemetry;

/// <summary>Exports traces and metrics by OTLP while the process runs, when the configuration says where to; flushes at the end.</summary>
internal sealed partial class OtlpExport(MultimodalOptions options, ServiceRoles roles, ILogger<OtlpExport> logger) : IHostedService, IDisposable
{
    private static readonly TimeSpan LastFlush = TimeSpan.FromSeconds(3);
    private TracerProvider? _traces;
    private MeterProvider? _metrics;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var otlp = options.Telemetry.Otlp;
        if (!otlp.IsOn)
        {
            return Task.CompletedTask;
        }

        LogExporting(otlp.Endpoint, otlp.Protocol);
        if (otlp.Traces)
        {
            _traces = Sdk.CreateTracerProviderBuilder()
                .SetResourceBuilder(Resource(roles))
                .AddSource(Traces.SourceName, "Microsoft.AspNetCore")
                .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(otlp.SampleRatio)))
                .AddOtlpExporter(exporter => Configure(exporter, otlp, "traces"))
                .Build();
        }

        if (otlp.Metrics)
        {
            _metrics = Sdk.CreateMeterProviderBuilder()
                .SetResourceBuilder(Resource(roles))
                .AddMeter(TelemetryServices.Meters(options.Telemetry))
                .AddOtlpExporter((exporter, reader) =>
                {
                    Configure(exporter, otlp, "metrics");
                    reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)(otlp.MetricsSeconds * 1000);
                })
                .Build();
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        // A collector that is away must not hold the stop.
        _traces?.Shutdown((int)LastFlush.TotalMilliseconds);
        _metrics?.Shutdown((int)LastFlush.TotalMilliseconds);
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        _traces?.Dispose();
        _metrics?.Dispose();
    }

    /// <summary>Exports log lines too.</summary>
    public static void AddTo(OpenTelemetryLoggerOptions logs, OtlpOptions otlp, ServiceRoles roles) =>
        logs.SetResourceBuilder(Resource(roles)).AddOtlpExporter(exporter => Configure(exporter, otlp, "logs"));

    private static ResourceBuilder Resource(ServiceRoles roles) =>
        ResourceBuilder.CreateDefault().AddService(roles.ServiceName, "multimodal", typeof(OtlpExport).Assembly.GetName().Version?.ToString(3));

    private static void Configure(OtlpExporterOptions exporter, OtlpOptions otlp, string signal)
    {
        var isHttp = otlp.Protocol == OtlpOptions.HttpProtobuf;
        exporter.Protocol = isHttp ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;

        // Over HTTP each signal has its own path, which the exporter appends to its own default only.
        exporter.Endpoint = new Uri(isHttp ? $"{otlp.Endpoint.TrimEnd('/')}/v1/{signal}" : otlp.Endpoint);
        exporter.Headers = otlp.Headers;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Telemetry goes to {Endpoint} by OTLP over {Protocol}.")]
    private partial void LogExporting(string endpoint, string protocol);
}
