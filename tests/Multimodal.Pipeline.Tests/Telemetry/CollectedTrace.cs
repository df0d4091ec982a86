using System.Collections.Concurrent;
using System.Diagnostics;
using Multimodal.Pipeline.Telemetry;

namespace Multimodal.Pipeline.Tests.Telemetry;

/// <summary>Collects the spans of one trace that a client starts, without those of other tests.</summary>
internal sealed class CollectedTrace : IDisposable
{
    private readonly ActivityTraceId _id = ActivityTraceId.CreateRandom();
    private readonly bool _isSampled;
    private readonly ConcurrentQueue<Activity> _spans = new();
    private readonly ActivityListener _listener;

    public CollectedTrace(bool isSampled = true)
    {
        _isSampled = isSampled;
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is Traces.SourceName or "Microsoft.AspNetCore",

            // Like a parent-based sampler, which follows the parent's decision.
            Sample = (ref ActivityCreationOptions<ActivityContext> options) => options.Parent.TraceId != _id ? ActivitySamplingResult.None
                : options.Parent.TraceFlags.HasFlag(ActivityTraceFlags.Recorded) ? ActivitySamplingResult.AllDataAndRecorded
                : ActivitySamplingResult.PropagationData,
            ActivityStopped = span =>
            {
                if (span.TraceId == _id)
                {
                    _spans.Enqueue(span);
                }
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>The client's own span.</summary>
    public ActivitySpanId Caller { get; } = ActivitySpanId.CreateRandom();

    public async Task<int> PostAsync(HttpClient http, string text)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("v1/requests", UriKind.Relative))
        {
            Content = new MultipartFormDataContent { { new StringContent(text), "text" } },
        };
        request.Headers.Add("Prefer", "wait=30");
        request.Headers.Add("traceparent", $"00-{_id}-{Caller}-{(_isSampled ? "01" : "00")}");
        using var response = await http.SendAsync(request);
        return (int)response.StatusCode;
    }

    /// <summary>Waits until the given number of spans has ended, in any order.</summary>
    public async Task<IReadOnlyList<Activity>> SpansAsync(int count, TimeSpan timeout)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (_spans.Count < count && TimeProvider.System.GetElapsedTime(start) < timeout)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }

        return [.. _spans];
    }

    public void Dispose() => _listener.Dispose();
}
