using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Multimodal.Inference.Telemetry;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Telemetry.Prometheus;

namespace Multimodal.Pipeline.Telemetry;

/// <summary>Registers what the process tells about itself.</summary>
internal static class TelemetryServices
{
    /// <summary>Our own meters.</summary>
    public static IReadOnlyList<string> OwnMeters { get; } = [PipelineMetrics.MeterName, InferenceMetrics.MeterName];

    /// <summary>Adds metrics, traces and logs.</summary>
    /// <param name="builder">The host.</param>
    /// <param name="roles">What the process does.</param>
    public static void AddTelemetry(this WebApplicationBuilder builder, ServiceRoles roles)
    {
        // Log providers are chosen before the options are checked; a wrong value is reported by that check.
        var section = builder.Configuration.GetSection("Multimodal:Telemetry");
        if (section["Logs"] == TelemetryOptions.Json)
        {
            builder.Logging.AddJsonConsole(json =>
            {
                json.IncludeScopes = true;
                json.UseUtcTimestamp = true;
                json.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
            });
        }

        builder.Services.AddOtlp(roles, section.GetSection("Otlp"));
        builder.Services.AddSingleton(provider => new MetricRegistry(
            Meters(provider.GetRequiredService<TelemetryOptions>()), provider.GetRequiredService<IMeterFactory>()));
    }

    /// <summary>Serves <c>/metrics</c>, unless it is switched off; counts from here on.</summary>
    public static void MapMetrics(this IEndpointRouteBuilder routes)
    {
        var services = routes.ServiceProvider;
        if (!services.GetRequiredService<TelemetryOptions>().Prometheus)
        {
            return;
        }

        var registry = services.GetRequiredService<MetricRegistry>();
        routes.MapGet("/metrics", (HttpRequest request) =>
            {
                var isOpenMetrics = request.Headers.Accept.ToString().Contains("application/openmetrics-text", StringComparison.OrdinalIgnoreCase);
                return Results.Text(
                    registry.Write(isOpenMetrics), isOpenMetrics ? PrometheusText.OpenMetrics : PrometheusText.Classic);
            })
            .ExcludeFromDescription()
            .AllowAnonymous();
    }

    /// <summary>All meters that are exported.</summary>
    public static string[] Meters(TelemetryOptions options) =>
        [.. OwnMeters, .. options.PlatformMeters.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
}
