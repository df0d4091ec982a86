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

/// <summary>Registers metrics, traces and logs.</summary>
internal static class TelemetryServices
{
    /// <summary>The meters of this project.</summary>
    public static IReadOnlyList<string> OwnMeters { get; } = [PipelineMetrics.MeterName, InferenceMetrics.MeterName];

    /// <summary>Adds metrics, traces and logs.</summary>
    /// <param name="builder">The host.</param>
    /// <param name="roles">The roles of the process.</param>
    public static void AddTelemetry(this WebApplicationBuilder builder, ServiceRoles roles)
    {
        // Read directly, because log providers are registered before the options are validated. The validation reports invalid values.
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

    /// <summary>Serves <c>/metrics</c> unless disabled. Measurements are counted from this call on.</summary>
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

    /// <summary>Returns the names of all exported meters.</summary>
    public static string[] Meters(TelemetryOptions options) =>
        [.. OwnMeters, .. options.PlatformMeters.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
}
