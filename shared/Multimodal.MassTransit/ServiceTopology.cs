namespace Multimodal.MassTransit;

/// <summary>What the service declares on the broker and its clients use (docs/messages.md).</summary>
internal static class ServiceTopology
{
    /// <summary>Takes requests, through the default exchange.</summary>
    public const string RequestsQueue = "requests";

    /// <summary>Takes requests of low priority.</summary>
    public const string LowRequestsQueue = "requests.low";

    /// <summary>Topic exchange of results.</summary>
    public const string ResultsExchange = "multimodal.results";

    /// <summary>The results of a subscription, whatever their status: <c>tenant.subscription.status</c>.</summary>
    public static string ResultsOf(string tenant, string subscription) => $"{tenant}.{subscription}.*";
}
