using System.ComponentModel.DataAnnotations;

namespace Multimodal.Pipeline.Telemetry;

/// <summary>Export by the OpenTelemetry protocol (OTLP). Disabled if the endpoint is empty.</summary>
internal sealed class OtlpOptions
{
    /// <summary>OTLP over gRPC.</summary>
    public const string Grpc = "grpc";

    /// <summary>OTLP over HTTP with Protobuf bodies.</summary>
    public const string HttpProtobuf = "http/protobuf";

    /// <summary>
    /// The collector's endpoint, for example <c>http://localhost:4317</c> (grpc) or <c>http://localhost:4318</c> (http/protobuf). Empty: no
    /// export.
    /// </summary>
    /// <value>Default empty.</value>
    [RegularExpression("^$|^https?://.+", ErrorMessage = "Multimodal:Telemetry:Otlp:Endpoint must be an http or https address.")]
    public string Endpoint { get; set; } = "";

    /// <summary>The protocol.</summary>
    /// <value>grpc or http/protobuf; default grpc.</value>
    [AllowedValues(Grpc, HttpProtobuf)]
    public string Protocol { get; set; } = Grpc;

    /// <summary>Headers for the collector, as <c>name=value</c> separated by commas; never logged.</summary>
    /// <value>Default empty.</value>
    public string Headers { get; set; } = "";

    /// <summary>Exports traces.</summary>
    /// <value>Default true.</value>
    public bool Traces { get; set; } = true;

    /// <summary>Exports metrics.</summary>
    /// <value>Default true.</value>
    public bool Metrics { get; set; } = true;

    /// <summary>Exports log lines.</summary>
    /// <value>Default false.</value>
    public bool Logs { get; set; }

    /// <summary>The share of requests that is traced. A request with a sampled <c>traceparent</c> is always traced.</summary>
    /// <value>0 to 1; default 1.</value>
    [Range(0.0, 1.0)]
    public double SampleRatio { get; set; } = 1;

    /// <summary>Seconds between two exports of metrics.</summary>
    /// <value>0.1 to 3,600; default 30.</value>
    [Range(0.1, 3600)]
    public double MetricsSeconds { get; set; } = 30;
}
