namespace Multimodal.Pipeline.Messaging.RabbitMq;

/// <summary>A client's own queue of results.</summary>
/// <param name="Name">The queue's name.</param>
/// <param name="RoutingKeys">The results it gets.</param>
/// <param name="MaxLength">The maximum number of results it holds; null for no bound.</param>
/// <param name="ExpiresMs">Milliseconds without use after which the broker deletes it.</param>
internal sealed record ClientQueue(string Name, IReadOnlyList<string> RoutingKeys, long? MaxLength, long ExpiresMs);
