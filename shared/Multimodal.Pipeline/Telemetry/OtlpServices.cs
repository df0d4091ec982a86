using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Multimodal.Pipeline.Core;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Multimodal.Pipeline.Telemetry;

/// <summary>Registers the export of traces, metrics and logs by OTLP.</summary>
internal static class OtlpServices
{
    /// <summary>Adds nothing without an endpoint: no provider exists then, so no span is ever made.</summary>
    /// <param name="services">The services.</param>
    /// <param name="roles">What the process does, for its name.</param>
    /// <param name="section">
    /// The section of <see cref="OtlpOptions"/>, read for what to register, which is chosen before the options are checked; a wrong
    /// value is reported by that check.
    /// </param>
    public static void AddOtlp(this IServiceCollection services, ServiceRoles roles, IConfigurationSection section)
    {
        if (string.IsNullOrEmpty(section[nameof(OtlpOptions.Endpoint)]))
        {
            return;
        }

        var telemetry = services.AddOpenTelemetry().ConfigureResource(resource => resource.AddService(
            roles.ServiceName, "multimodal", typeof(OtlpServices).Assembly.GetName().Version?.ToString(3)));
        var usual = new OtlpOptions();
        if (IsSet(section, nameof(OtlpOptions.Traces), usual.Traces))
        {
            AddExporter(services, "traces");
            telemetry.WithTracing(traces => traces
                .AddSource(Traces.SourceName, "Microsoft.AspNetCore")
                .SetSampler(provider => new ParentBasedSampler(new TraceIdRatioBasedSampler(Options(provider).Otlp.SampleRatio)))
                .AddOtlpExporter("traces", null));
        }

        if (IsSet(section, nameof(OtlpOptions.Metrics), usual.Metrics))
        {
            AddExporter(services, "metrics");
            services.AddOptions<MetricReaderOptions>("metrics").Configure<TelemetryOptions>((reader, options) =>
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)(options.Otlp.MetricsSeconds * 1000));
            services.ConfigureOpenTelemetryMeterProvider((provider, metrics) => metrics.AddMeter(TelemetryServices.Meters(Options(provider))));
            telemetry.WithMetrics(metrics => metrics.AddOtlpExporter("metrics", (Action<OtlpExporterOptions>?)null));
        }

        if (IsSet(section, nameof(OtlpOptions.Logs), usual.Logs))
        {
            AddExporter(services, "logs");
            telemetry.WithLogging(logs => logs.AddOtlpExporter("logs", (Action<OtlpExporterOptions>?)null), logs =>
            {
                logs.IncludeScopes = true;
                logs.IncludeFormattedMessage = true;
            });
        }

        services.AddHostedService<OtlpExport>();
    }

    private static bool IsSet(IConfigurationSection section, string key, bool usual) => bool.TryParse(section[key], out var value) ? value : usual;

    private static TelemetryOptions Options(IServiceProvider provider) => provider.GetRequiredService<TelemetryOptions>();

    private static void AddExporter(IServiceCollection services, string signal) => services.AddOptions<OtlpExporterOptions>(signal).Configure<TelemetryOptions>((exporter, options) =>
    {
        var otlp = options.Otlp;
        var isHttp = otlp.Protocol == OtlpOptions.HttpProtobuf;
        exporter.Protocol = isHttp ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;

        // Over HTTP each signal has its own path, which the exporter appends to its own default only.
        exporter.Endpoint = new Uri(isHttp ? $"{otlp.Endpoint.TrimEnd('/')}/v1/{signal}" : otlp.Endpoint);
        exporter.Headers = otlp.Headers;
    });
}
