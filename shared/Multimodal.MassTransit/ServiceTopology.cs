namespace Multimodal.MassTransit;

/// <summary>The queues and exchanges of the service that clients use (docs/messages.md).</summary>
internal static class ServiceTopology
{
    /// <summary>The queue of requests, reached through the default exchange.</summary>
    public const string RequestsQueue = "requests";

    /// <summary>The queue of low-priority requests.</summary>
    public const string LowRequestsQueue = "requests.low";

    /// <summary>Topic exchange of results.</summary>
    public const string ResultsExchange = "multimodal.results";

    /// <summary>The binding key for all results of a subscription; their routing key is <c>tenant.subscription.status</c>.</summary>
    public static string ResultsOf(string tenant, string subscription) => $"{tenant}.{subscription}.*";
}
