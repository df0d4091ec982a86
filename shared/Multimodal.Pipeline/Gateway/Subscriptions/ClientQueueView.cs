namespace Multimodal.Pipeline.Gateway.Subscriptions;

/// <summary>A client queue on the broker.</summary>
/// <param name="Name">The queue to consume.</param>
/// <param name="Exchange">The exchange that it is bound to.</param>
/// <param name="RoutingKeys">The binding patterns: <c>tenant.subscription.status</c>.</param>
/// <param name="MaxLength">Maximum number of messages.</param>
/// <param name="Overflow">What the broker does beyond that: <c>drop-head</c> drops the oldest.</param>
internal sealed record ClientQueueView(string Name, string Exchange, IReadOnlyList<string> RoutingKeys, long MaxLength, string Overflow);
