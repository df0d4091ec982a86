using Multimodal.Contracts.Values;

namespace Multimodal.Pipeline.Messaging;

/// <summary>
/// Every queue, exchange and address of the pipeline.
/// </summary>
internal static class Topology
{
    private const string Fuse = "fuse";
    private const string Requests = "requests";

    /// <summary>Finished answers, competing among the gateways over one request store.</summary>
    public const string ResultsQueue = "results";

    /// <summary>Topic exchange of finished answers; clients bind their own queues to it.</summary>
    public const string ResultsExchange = "multimodal.results";

    /// <summary>Fan-out of what expert workers say about themselves.</summary>
    public const string HeartbeatsExchange = "multimodal.heartbeats";

    /// <summary>Opinions, by the combiner process that asked. One exchange for all, because one per process would outlive it.</summary>
    public const string OpinionsExchange = "opinions";

    /// <summary>Where the broker puts what it gave up: expired, or delivered too often.</summary>
    public const string DeadLetterExchange = "multimodal.dead-letters";

    /// <summary>What the broker gave up, for people to look at.</summary>
    public const string DeadLetterQueue = "dead-letters";

    /// <summary>How long a command that failed waits before it is tried again in place.</summary>
    public static readonly TimeSpan[] RetryPauses = [TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(1)];

    private static readonly string[] OwnPrefixes = ["expert.", "opinions.", "gateway.", "client."];

    /// <summary>Every priority has queues of its own: a broker knows no other order within one that survives a loss of nodes.</summary>
    public static IReadOnlyList<Priority> Priorities { get; } = Enum.GetValues<Priority>();

    /// <summary>One message per accepted request; all combiners compete for it.</summary>
    public static string FuseQueue(Priority priority) => Of(Fuse, priority);

    /// <summary>Whether combiners read the queue.</summary>
    public static bool IsFuseQueue(string queue) => Priorities.Any(priority => queue == FuseQueue(priority));

    /// <summary>Requests of clients that ask by AMQP, in plain JSON; all gateways compete for it.</summary>
    public static string RequestsQueue(Priority priority) => Of(Requests, priority);

    /// <summary>The queue of one expert, shared by all its workers.</summary>
    public static string ExpertQueue(string ensemble, string expert, Priority priority) => Of($"expert.{ensemble}.{expert}", priority);

    /// <summary>The queue on which one combiner process gathers opinions.</summary>
    public static string OpinionsQueue(string instance) => $"opinions.{instance}";

    /// <summary>The queue on which one gateway process hears of its own requests and of expert workers.</summary>
    public static string GatewayQueue(Guid instance) => $"gateway.{instance:n}";

    /// <summary>The queue of a client's subscription.</summary>
    public static string ClientQueue(string tenant, string subscription) => $"client.{tenant}.{subscription}";

    /// <summary>Whether a queue belongs to the pipeline or to a subscription.</summary>
    public static bool IsOwn(string queue) =>
        queue is ResultsQueue or DeadLetterQueue
        || Priorities.Any(priority => queue == FuseQueue(priority) || queue == RequestsQueue(priority))
        || Array.Exists(OwnPrefixes, start => queue.StartsWith(start, StringComparison.Ordinal));

    private static string Of(string queue, Priority priority) => priority == Priority.Low ? queue + ".low" : queue;
}
