using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Multimodal.Pipeline.Telemetry;

/// <summary>What the process tells about itself: metrics, traces, logs.</summary>
internal sealed class TelemetryOptions
{
    /// <summary>Log lines for people.</summary>
    public const string Text = "text";

    /// <summary>Log lines for machines.</summary>
    public const string Json = "json";

    /// <summary>Serves <c>/metrics</c> in the Prometheus text format (docs/metrics.md lists them).</summary>
    /// <value>Default true.</value>
    public bool Prometheus { get; set; } = true;

    /// <summary>Meters of the platform that are exported beside our own, as names separated by commas.</summary>
    /// <value>Default <c>System.Runtime,Microsoft.AspNetCore.Hosting</c>.</value>
    public string PlatformMeters { get; set; } = "System.Runtime,Microsoft.AspNetCore.Hosting";

    /// <summary>How log lines are written: <c>text</c>, or <c>json</c>, one object per line with the request's id in its scopes.</summary>
    /// <value>text or json; default text.</value>
    [AllowedValues(Text, Json)]
    public string Logs { get; set; } = Text;

    /// <summary>Export to an OpenTelemetry collector.</summary>
    [ValidateObjectMembers]
    public OtlpOptions Otlp { get; set; } = new();
}
