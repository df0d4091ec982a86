using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Multimodal.Pipeline.Telemetry;

/// <summary>Metrics, traces and logs.</summary>
internal sealed class TelemetryOptions
{
    /// <summary>Plain text log lines.</summary>
    public const string Text = "text";

    /// <summary>JSON log lines.</summary>
    public const string Json = "json";

    /// <summary>Serves metrics at <c>/metrics</c> in the Prometheus text format (docs/metrics.md lists them).</summary>
    /// <value>Default true.</value>
    public bool Prometheus { get; set; } = true;

    /// <summary>Names of platform meters to export in addition, separated by commas.</summary>
    /// <value>Default <c>System.Runtime,Microsoft.AspNetCore.Hosting</c>.</value>
    public string PlatformMeters { get; set; } = "System.Runtime,Microsoft.AspNetCore.Hosting";

    /// <summary>Format of log lines: <c>text</c>, or <c>json</c> with one object per line and the request's id in its scopes.</summary>
    /// <value>text or json; default text.</value>
    [AllowedValues(Text, Json)]
    public string Logs { get; set; } = Text;

    /// <summary>Export to an OpenTelemetry collector.</summary>
    [ValidateObjectMembers]
    public OtlpOptions Otlp { get; set; } = new();
}
