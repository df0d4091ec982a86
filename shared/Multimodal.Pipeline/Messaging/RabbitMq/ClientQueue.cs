namespace Multimodal.Pipeline.Messaging.RabbitMq;

/// <summary>A queue of results for one client subscription.</summary>
/// <param name="Name">The queue's name.</param>
/// <param name="RoutingKeys">The binding patterns that select its results.</param>
/// <param name="MaxLength">The maximum number of results in it; null for no limit.</param>
/// <param name="ExpiresMs">Milliseconds without use after which the broker deletes it.</param>
internal sealed record ClientQueue(string Name, IReadOnlyList<string> RoutingKeys, long? MaxLength, long ExpiresMs);
