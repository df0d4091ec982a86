namespace Multimodal.Pipeline.Gateway.Subscriptions;

/// <summary>A client's queue on the broker.</summary>
/// <param name="Name">The queue to consume.</param>
/// <param name="Exchange">The exchange that it is bound to.</param>
/// <param name="RoutingKeys">The patterns that it is bound with: <c>tenant.subscription.status</c>.</param>
/// <param name="MaxLength">Messages that it holds.</param>
/// <param name="Overflow">What happens beyond that: <c>drop-head</c>, the oldest go.</param>
internal sealed record ClientQueueView(string Name, string Exchange, IReadOnlyList<string> RoutingKeys, long MaxLength, string Overflow);
