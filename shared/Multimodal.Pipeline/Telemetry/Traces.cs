using System.Diagnostics;
using System.Text;
using Multimodal.Contracts.Values;

namespace Multimodal.Pipeline.Telemetry;

/// <summary>
/// Spans of the pipeline, and the W3C trace context (https://www.w3.org/TR/trace-context/) with every message, in
/// its headers on the broker.
/// </summary>
internal static class Traces
{
    /// <summary>The source's name, for whoever exports it.</summary>
    public const string SourceName = "Multimodal";

    /// <summary>The header's name.</summary>
    public const string Header = "traceparent";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>The current context for a message; null when nobody traces, so that an idle service pays nothing.</summary>
    public static string? Context => Source.HasListeners() && Activity.Current is { IdFormat: ActivityIdFormat.W3C } current ? current.Id : null;

    /// <summary>Starts a step inside the process.</summary>
    /// <param name="name">What it does.</param>
    /// <param name="request">The request.</param>
    /// <param name="kind">Whether a message leaves.</param>
    /// <returns>Null when nobody traces.</returns>
    public static Activity? Start(string name, Guid request, ActivityKind kind = ActivityKind.Internal) =>
        Tag(Source.StartActivity(name, kind), request);

    /// <summary>The context in the headers of an AMQP message; null when there is none or nobody traces.</summary>
    public static string? HeaderOf(IDictionary<string, object?>? headers) =>
        Source.HasListeners() && headers?.TryGetValue(Header, out var value) == true && value is byte[] text ? Encoding.ASCII.GetString(text) : null;

    /// <summary>Starts the handling of what another process sent, or this one long ago.</summary>
    /// <param name="name">What is done.</param>
    /// <param name="context">Its <see cref="Context"/> as it came; an unreadable one begins a new trace.</param>
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

    /// <summary>Where an expert's time went, in the terms of its own batch.</summary>
    public static void Note(Activity? activity, StageTimings timings) => activity?
        .SetTag("multimodal.queue_ms", timings.QueueMs)
        .SetTag("multimodal.preprocess_ms", timings.PreprocessMs)
        .SetTag("multimodal.inference_ms", timings.InferenceMs)
        .SetTag("multimodal.batch_size", timings.BatchSize);

    private static Activity? Tag(Activity? activity, Guid request) => activity?.SetTag("multimodal.request", request.ToString());
}
