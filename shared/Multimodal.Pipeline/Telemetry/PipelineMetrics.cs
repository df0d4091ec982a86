using System.Diagnostics.Metrics;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Core;

namespace Multimodal.Pipeline.Telemetry;

/// <summary>
/// The counters and histograms of the meter <c>Multimodal</c>. Label values come from fixed sets or from the configuration (ensembles,
/// experts), never from client input. Without a listener, a call takes nanoseconds and does not allocate.
/// </summary>
internal static class PipelineMetrics
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "Multimodal";

    private static readonly Meter Meter = new(MeterName);

    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries = [0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60],
    };

    private static readonly InstrumentAdvice<double> Shares = new()
    {
        HistogramBucketBoundaries = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1],
    };

    private static readonly InstrumentAdvice<double> LongSeconds = new() { HistogramBucketBoundaries = [0, 1, 2, 3, 5, 10, 20, 30, 60, 120, 300, 600] };

    private static readonly InstrumentAdvice<int> Sizes = new() { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024] };

    /// <summary>The labels of every instrument, by the instrument's name; docs/metrics.md is generated from it.</summary>
    public static SortedDictionary<string, string[]> Labels { get; } = new(StringComparer.Ordinal);

    private static readonly Counter<long> Accepted =
        Counter("multimodal.requests.accepted", "{request}", "Requests accepted, including repeats with the same idempotency key.", "ensemble", "replay");

    private static readonly Counter<long> Refusals =
        Counter("multimodal.requests.refused", "{request}", "Requests refused, by HTTP status and code of the problem document.", "operation", "status", "code");

    private static readonly Histogram<double> AdmissionWait = Histogram(
        "multimodal.admission.wait", "s", "Time from the first refusal of a request because of overload to its admission; 0 if its first attempt was admitted.",
        LongSeconds);

    private static readonly Histogram<int> AdmissionAttempts =
        Histogram("multimodal.admission.attempts", "{attempt}", "Attempts until a request was admitted; 1 if it was not refused because of overload.", Sizes);

    private static readonly Counter<long> ConnectionsRefused = Counter(
        "multimodal.http.connections.refused", "{connection}", "Connections closed because a limit of open connections was reached.", "limit");

    private static readonly Counter<long> Answers =
        Counter("multimodal.requests.answered", "{request}", "Results recorded, counted once per request.", "ensemble", "status");

    private static readonly Histogram<double> AnswerTime =
        Histogram("multimodal.request.duration", "s", "Time from acceptance to the recorded result.", Seconds, "ensemble", "status");

    private static readonly Histogram<double> FeatureTime =
        Histogram("multimodal.features.duration", "s", "Time to compute the gate's input features of one request.", Seconds, "ensemble");

    private static readonly Histogram<double> GateTime =
        Histogram("multimodal.gate.duration", "s", "Time to mask, score and select experts for one request.", Seconds, "ensemble");

    private static readonly Counter<long> Choices = Counter(
        "multimodal.gate.choices", "{choice}", "The gate's decision about each expert: chosen, or the reason why it is skipped.", "ensemble", "expert", "decision");

    private static readonly Histogram<double> GateWeight =
        Histogram("multimodal.gate.weight", null, "The gate's weight of each selected expert.", Shares, "ensemble", "expert");

    private static readonly Counter<long> States = Counter(
        "multimodal.expert.states", "{expert}", "The state of each expert in each recorded result, with the reason if it declined or was skipped.",
        "ensemble", "expert", "state", "reason");

    private static readonly Histogram<double> Share =
        Histogram("multimodal.fusion.share", null, "The weight in the fused answer of each expert that answered.", Shares, "ensemble", "expert");

    private static readonly Histogram<double> Confidence =
        Histogram("multimodal.fusion.confidence", null, "The calibrated confidence of recorded results with a label.", Shares, "ensemble");

    private static readonly Counter<long> GateAnswers = Counter(
        "multimodal.gate.answers", "{request}", "Recorded results with a label, by the version of gate and combiner. A result whose gate and combiner had different versions is not counted.",
        "ensemble", "gate");

    private static readonly Counter<long> ShadowOpinions = Counter(
        "multimodal.shadow.opinions", "{expert}",
        "The outcome of each shadow expert in each recorded result: it agrees with the answer, differs, declined, was skipped, or was late. recorded-late counts late opinions that were recorded after the answer.",
        "ensemble", "expert", "outcome");

    private static readonly Counter<long> Conflicts =
        Counter("multimodal.fusion.conflicts", "{request}", "Recorded results in which confident experts disagreed.", "ensemble");

    private static readonly Counter<long> Feedbacks = Counter(
        "multimodal.feedbacks", "{feedback}",
        "Feedback accepted: learned, repeated (without effect), or only stored, because the ensemble does not learn from feedback or its labels have changed.", "ensemble", "outcome");

    private static readonly Counter<long> CacheLookups = Counter(
        "multimodal.cache.lookups", "{request}",
        "Requests by what the cache of answers did: hit, miss, request (the client wanted no cached answer) or bypass (the request explores or is sampled for a shadow expert).",
        "ensemble", "outcome");

    private static readonly Counter<long> CacheEvictions =
        Counter("multimodal.cache.evictions", "{answer}", "Answers dropped from the cache because it was full.");

    private static readonly Counter<long> Repeats =
        Counter("multimodal.combiner.repeats", "{request}", "Fuse messages received again while their request was in progress.");

    private static readonly Counter<long> Resends =
        Counter("multimodal.requests.resent", "{request}", "Requests sent again because no result arrived, or given up after the maximum number of attempts.", "outcome");

    private static readonly Counter<long> Recoveries =
        Counter("multimodal.requests.recovered", "{request}", "Unanswered requests of an earlier process that were recovered at the start.");

    private static readonly Counter<long> WebhookTries = Counter(
        "multimodal.webhooks.tries", "{try}", "Results posted to webhooks: accepted, to be retried, or failed at the last attempt.", "outcome");

    private static readonly Counter<long> BlobBytes =
        Counter("multimodal.blobs.transferred", "By", "Payload bytes written to and read from the blob store.", "direction");

    private static readonly Counter<long> BlobFailures =
        Counter("multimodal.blobs.failures", "{operation}", "Failed calls of the blob store.", "operation");

    private static readonly Counter<long> Heartbeats =
        Counter("multimodal.heartbeats", "{message}", "Heartbeats of expert workers, sent or received by this process.", "direction");

    private static readonly Counter<long> Connections =
        Counter("multimodal.broker.connections", "{connection}", "Connections established to the broker by this process.");

    private static readonly Counter<long> BrokerRetries =
        Counter("multimodal.broker.republished", "{message}", "Messages published again because the broker did not confirm them.");

    private static readonly Histogram<int> CommitSize =
        Histogram("multimodal.store.commit.size", "{write}", "Number of writes per commit of the request store.", Sizes);

    /// <summary>Counts a connection beyond a limit.</summary>
    /// <param name="isPerAddress">Whether it is the limit per address, not the total limit.</param>
    public static void ConnectionRefused(bool isPerAddress) => ConnectionsRefused.Add(1, new KeyValuePair<string, object?>("limit", isPerAddress ? "address" : "total"));

    /// <summary>Counts an accepted request, or a repeat of one.</summary>
    public static void RequestAccepted(string ensemble, bool isReplay) =>
        Accepted.Add(1, new("ensemble", ensemble), new("replay", isReplay ? "true" : "false"));

    /// <summary>Records the admission of a request that is accepted.</summary>
    /// <param name="wait">Time since its first refusal.</param>
    /// <param name="attempts">Its attempts at this gateway, including this one.</param>
    public static void Admitted(TimeSpan wait, int attempts)
    {
        AdmissionWait.Record(wait.TotalSeconds);
        AdmissionAttempts.Record(attempts);
    }

    /// <summary>Counts a refused request.</summary>
    /// <param name="operation">The operation's name in the API, or another source such as AMQP.</param>
    /// <param name="status">HTTP status as text.</param>
    /// <param name="code">The code of the problem document.</param>
    public static void Refused(string operation, string status, string code) =>
        Refusals.Add(1, new("operation", operation), new("status", status), new("code", code));

    /// <summary>Counts an attempt to post a result to a webhook.</summary>
    /// <param name="outcome">accepted, retried or failed.</param>
    public static void WebhookTried(string outcome) => WebhookTries.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    /// <summary>Records the gate's plan.</summary>
    public static void Planned(string ensemble, ExecutionPlan plan)
    {
        var tag = new KeyValuePair<string, object?>("ensemble", ensemble);
        FeatureTime.Record(plan.FeaturesMs / 1000, tag);
        GateTime.Record(plan.GateMs / 1000, tag);
        if (!Choices.Enabled)
        {
            return;
        }

        foreach (var expert in plan.Experts)
        {
            Choices.Add(1, tag, new("expert", expert.Name), new("decision", "chosen"));
            GateWeight.Record(expert.Weight, tag, new("expert", expert.Name));
        }

        foreach (var expert in plan.Skipped)
        {
            Choices.Add(1, tag, new("expert", expert.Name), new("decision", KebabName<SkipReason>.Of(expert.ExactReason)));
        }
    }

    /// <summary>Records a result. Call it once per request.</summary>
    /// <param name="answer">The result.</param>
    /// <param name="totalMs">Milliseconds from acceptance to the result.</param>
    public static void Answered(FusedAnswer answer, double totalMs)
    {
        if (!Answers.Enabled)
        {
            return;
        }

        var tag = new KeyValuePair<string, object?>("ensemble", answer.Ensemble);
        var status = new KeyValuePair<string, object?>("status", KebabName<AnswerStatus>.Of(answer.Status));
        Answers.Add(1, tag, status);
        AnswerTime.Record(totalMs / 1000, tag, status);
        if (answer.Label is not null)
        {
            Confidence.Record(answer.Confidence, tag);
            if (answer.Fusion.Version == answer.Gate.Version)
            {
                GateAnswers.Add(1, tag, new("gate", answer.Gate.Version));
            }
        }

        Conflicts.Add(answer.Fusion.Conflict ? 1 : 0, tag);
        if (answer.Cached is not null)
        {
            // No expert was asked.
            return;
        }

        foreach (var expert in answer.Experts)
        {
            var name = new KeyValuePair<string, object?>("expert", expert.Name);
            if (expert.Shadow)
            {
                ShadowOpinions.Add(1, tag, name, new("outcome", Outcome(expert, answer)));
                continue;
            }

            States.Add(1, tag, name, new("state", KebabName<ExpertState>.Of(expert.State)), new("reason", expert.Reason ?? ""));
            if (expert.State == ExpertState.Answered)
            {
                Share.Record(expert.Weight, tag, name);
            }
        }
    }

    /// <summary>Counts an accepted feedback.</summary>
    /// <param name="ensemble">The ensemble of its request.</param>
    /// <param name="outcome">learned, repeated or stored.</param>
    public static void FeedbackGiven(string ensemble, string outcome) => Feedbacks.Add(1, new("ensemble", ensemble), new("outcome", outcome));

    /// <summary>Counts a late opinion of a shadow expert.</summary>
    public static void ShadowRecordedLate(string ensemble, string expert) =>
        ShadowOpinions.Add(1, new("ensemble", ensemble), new("expert", expert), new("outcome", "recorded-late"));

    private static string Outcome(ExpertReport shadow, FusedAnswer answer) => shadow.State == ExpertState.Answered
        ? shadow.Label == answer.Label ? "agrees" : "differs"
        : KebabName<ExpertState>.Of(shadow.State);

    /// <summary>Counts what the cache of answers did for a request.</summary>
    /// <param name="ensemble">The ensemble of the request.</param>
    /// <param name="outcome">hit, miss, request or bypass.</param>
    public static void CacheLookedUp(string ensemble, string outcome) => CacheLookups.Add(1, new("ensemble", ensemble), new("outcome", outcome));

    /// <summary>Counts answers that the cache dropped because it was full.</summary>
    public static void CacheEvicted(int answers) => CacheEvictions.Add(answers);

    /// <summary>Counts a request received again by a combiner that is processing it.</summary>
    public static void Repeated() => Repeats.Add(1);

    /// <summary>Counts a request sent again.</summary>
    public static void Resent() => Resends.Add(1, new KeyValuePair<string, object?>("outcome", "sent"));

    /// <summary>Counts a request that was given up.</summary>
    public static void GivenUp() => Resends.Add(1, new KeyValuePair<string, object?>("outcome", "given-up"));

    /// <summary>Counts requests of an earlier process that were recovered.</summary>
    public static void Recovered(int requests) => Recoveries.Add(requests);

    /// <summary>Counts the bytes of a stored payload.</summary>
    public static void BlobWritten(long bytes) => BlobBytes.Add(bytes, new KeyValuePair<string, object?>("direction", "written"));

    /// <summary>Counts the bytes of a payload that was read.</summary>
    public static void BlobRead(long bytes) => BlobBytes.Add(bytes, new KeyValuePair<string, object?>("direction", "read"));

    /// <summary>Counts a failed call of the blob store.</summary>
    /// <param name="operation">write, read, delete or list.</param>
    public static void BlobFailed(string operation) => BlobFailures.Add(1, new KeyValuePair<string, object?>("operation", operation));

    /// <summary>Counts a sent heartbeat.</summary>
    public static void HeartbeatSent() => Heartbeats.Add(1, new KeyValuePair<string, object?>("direction", "sent"));

    /// <summary>Counts a received heartbeat.</summary>
    public static void HeartbeatReceived() => Heartbeats.Add(1, new KeyValuePair<string, object?>("direction", "heard"));

    /// <summary>Counts an established connection to the broker.</summary>
    public static void Connected() => Connections.Add(1);

    /// <summary>Counts a message that is published again.</summary>
    public static void Republished() => BrokerRetries.Add(1);

    /// <summary>Records the size of a commit of the request store.</summary>
    public static void Committed(int writes) => CommitSize.Record(writes);

    private static Counter<long> Counter(string name, string unit, string description, params string[] labels)
    {
        Labels.Add(name, labels);
        return Meter.CreateCounter<long>(name, unit, description);
    }

    private static Histogram<T> Histogram<T>(string name, string? unit, string description, InstrumentAdvice<T> advice, params string[] labels)
        where T : struct
    {
        Labels.Add(name, labels);
        return Meter.CreateHistogram(name, unit, description, advice: advice);
    }

    /// <summary>Cached names, so that counting does not allocate.</summary>
    private static class KebabName<T>
        where T : struct, Enum
    {
        private static readonly Dictionary<T, string> Names = Enum.GetValues<T>().ToDictionary(value => value, JsonFormat.Kebab);

        public static string Of(T value) => Names[value];
    }
}
