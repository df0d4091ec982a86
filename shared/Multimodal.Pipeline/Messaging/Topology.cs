using Multimodal.Contracts.Values;

namespace Multimodal.Pipeline.Messaging;

/// <summary>The names of all queues and exchanges of the pipeline.</summary>
internal static class Topology
{
    private const string Fuse = "fuse";
    private const string Requests = "requests";
    private const string Expert = "expert.";
    private const string Live = "live.";

    /// <summary>Answers, and late opinions of shadow experts. The gateways compete for them.</summary>
    public const string ResultsQueue = "results";

    /// <summary>Topic exchange of answers; clients bind their own queues to it.</summary>
    public const string ResultsExchange = "multimodal.results";

    /// <summary>Fan-out exchange of the heartbeats of expert workers.</summary>
    public const string HeartbeatsExchange = "multimodal.heartbeats";

    /// <summary>Fan-out exchange of the gateways' time.</summary>
    public const string ClockExchange = "multimodal.clock";

    /// <summary>
    /// Opinions, routed by combiner instance. All combiners share it, because an exchange per process would outlive the process.
    /// </summary>
    public const string OpinionsExchange = "opinions";

    /// <summary>Exchange for messages that expired, were rejected or exceeded the delivery limit.</summary>
    public const string DeadLetterExchange = "multimodal.dead-letters";

    /// <summary>Queue of dead letters, for inspection by operators.</summary>
    public const string DeadLetterQueue = "dead-letters";

    /// <summary>The delays before each retry of a failed command in the same process.</summary>
    public static readonly TimeSpan[] RetryDelays = [TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(1)];

    private static readonly string[] OwnPrefixes = [Expert, Live, "opinions.", "gateway.", "clock.", "client."];

    /// <summary>
    /// All priorities. Each has its own queues, because quorum queues do not order messages strictly by priority.
    /// </summary>
    public static IReadOnlyList<Priority> Priorities { get; } = Enum.GetValues<Priority>();

    /// <summary>The queue of accepted requests; all combiners compete for them.</summary>
    public static string FuseQueue(Priority priority) => WithPriority(Fuse, priority);

    /// <summary>Whether combiners consume the queue.</summary>
    public static bool IsFuseQueue(string queue) => Priorities.Any(priority => queue == FuseQueue(priority));

    /// <summary>The queue to which clients send requests over AMQP; all gateways compete for them.</summary>
    public static string RequestsQueue(Priority priority) => WithPriority(Requests, priority);

    /// <summary>The durable queue of one expert; all its workers compete for its messages.</summary>
    public static string ExpertQueue(string ensemble, string expert, Priority priority) => WithPriority($"{Expert}{ensemble}.{expert}", priority);

    /// <summary>The queue of one expert in the broker's memory, which exists while the expert has a worker.</summary>
    public static string LiveQueue(string ensemble, string expert, Priority priority) => WithPriority($"{Live}{ensemble}.{expert}", priority);

    /// <summary>The live queue of the expert with a durable queue; null if the queue is not that of an expert.</summary>
    public static string? LiveQueueOf(string durable) => durable.StartsWith(Expert, StringComparison.Ordinal) ? Live + durable[Expert.Length..] : null;

    /// <summary>Whether the queue is a live queue.</summary>
    public static bool IsLiveQueue(string queue) => queue.StartsWith(Live, StringComparison.Ordinal);

    /// <summary>The durable queue of the expert with a live queue.</summary>
    public static string DurableQueueOf(string live) => Expert + live[Live.Length..];

    /// <summary>The queue of opinions for one combiner instance.</summary>
    public static string OpinionsQueue(string instance) => $"opinions.{instance}";

    /// <summary>The queue of one gateway process: heartbeats, and results of its requests that other gateways recorded.</summary>
    public static string GatewayQueue(Guid instance) => $"gateway.{instance:n}";

    /// <summary>The queue of one process without a gateway: the gateways' time.</summary>
    public static string ClockQueue(Guid instance) => $"clock.{instance:n}";

    /// <summary>The queue of a client's subscription.</summary>
    public static string ClientQueue(string tenant, string subscription) => $"client.{tenant}.{subscription}";

    /// <summary>Whether a queue belongs to the pipeline or to a subscription, so that it cannot be a client's reply queue.</summary>
    public static bool IsOwn(string queue) =>
        queue is ResultsQueue or DeadLetterQueue
        || Priorities.Any(priority => queue == FuseQueue(priority) || queue == RequestsQueue(priority))
        || Array.Exists(OwnPrefixes, start => queue.StartsWith(start, StringComparison.Ordinal));

    private static string WithPriority(string queue, Priority priority) => priority == Priority.Low ? queue + ".low" : queue;
}
