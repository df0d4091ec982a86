using System.Diagnostics;
using System.Text;
using Multimodal.Contracts.Values;

namespace Multimodal.Pipeline.Telemetry;

/// <summary>
/// Creates the spans of the pipeline, and passes the W3C trace context (https://www.w3.org/TR/trace-context/) with every message. On the broker,
/// it is a header.
/// </summary>
internal static class Traces
{
    /// <summary>The name of the activity source.</summary>
    public const string SourceName = "Multimodal";

    /// <summary>The header's name.</summary>
    public const string Header = "traceparent";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>The current trace context, to send with a message; null without a trace listener.</summary>
    public static string? Context => Source.HasListeners() && Activity.Current is { IdFormat: ActivityIdFormat.W3C } current ? current.Id : null;

    /// <summary>Starts a span for a step in this process.</summary>
    /// <param name="name">The span's name.</param>
    /// <param name="request">The request.</param>
    /// <param name="kind">The span's kind.</param>
    /// <returns>Null without a trace listener.</returns>
    public static Activity? Start(string name, Guid request, ActivityKind kind = ActivityKind.Internal) =>
        Tag(Source.StartActivity(name, kind), request);

    /// <summary>Reads the trace context from the headers of an AMQP message; null if there is none, or without a trace listener.</summary>
    public static string? HeaderOf(IDictionary<string, object?>? headers) =>
        Source.HasListeners() && headers?.TryGetValue(Header, out var value) == true && value is byte[] text ? Encoding.ASCII.GetString(text) : null;

    /// <summary>Starts a span for handling a message.</summary>
    /// <param name="name">The span's name.</param>
    /// <param name="context">The sender's <see cref="Context"/>. An invalid one starts a new trace.</param>
    /// <param name="request">The request.</param>
    public static Activity? Receive(string name, string? context, Guid request)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        ActivityContext.TryParse(context, null, isRemote: true, out var parent);
        return Tag(Source.StartActivity(name, ActivityKind.Consumer, parent), request);
    }

    /// <summary>Adds an expert's stage timings to a span.</summary>
    public static void AddTimings(Activity? activity, StageTimings timings) => activity?
        .SetTag("multimodal.queue_ms", timings.QueueMs)
        .SetTag("multimodal.preprocess_ms", timings.PreprocessMs)
        .SetTag("multimodal.inference_ms", timings.InferenceMs)
        .SetTag("multimodal.batch_size", timings.BatchSize);

    private static Activity? Tag(Activity? activity, Guid request) => activity?.SetTag("multimodal.request", request.ToString());
}
