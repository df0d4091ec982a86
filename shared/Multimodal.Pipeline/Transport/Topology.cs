namespace Multimodal.Pipeline.Transport;

/// <summary>
/// Every queue and address of the pipeline. Commands go to <c>exchange:</c> addresses: sending to <c>queue:</c> would declare
/// that queue without its arguments, and fail against a quorum queue that has some.
/// </summary>
internal static class Topology
{
    /// <summary>One message per accepted request; all combiners compete for it.</summary>
    public const string FuseQueue = "fuse";

    /// <summary>Finished answers, competing among the gateways over one request store.</summary>
    public const string ResultsQueue = "results";

    /// <summary>The queue of one expert, shared by all its workers.</summary>
    public static string ExpertQueue(string ensemble, string expert) => $"expert.{ensemble}.{expert}";

    /// <summary>The queue on which one combiner process gathers opinions.</summary>
    public static string OpinionsQueue(Guid instance) => $"opinions.{instance:n}";

    /// <summary>Where to send messages for a queue.</summary>
    public static Uri Address(string queue) => new($"exchange:{queue}");
}
