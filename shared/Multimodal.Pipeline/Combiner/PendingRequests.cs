using System.Collections.Concurrent;

namespace Multimodal.Pipeline.Combiner;

/// <summary>The requests for which this combiner collects opinions, and its instance name.</summary>
internal sealed class PendingRequests
{
    private readonly ConcurrentDictionary<Guid, OpinionCollector> _collectors = new();

    /// <summary>Identifies this combiner instance and its queue of opinions.</summary>
    public string Instance { get; } = Guid.NewGuid().ToString("n");

    /// <summary>The number of pending requests.</summary>
    public int Count => _collectors.Count;

    /// <summary>Registers the collector of a request.</summary>
    /// <returns>The given collector, or the existing one if the request is already pending.</returns>
    public OpinionCollector Open(Guid request, OpinionCollector collector) => _collectors.GetOrAdd(request, collector);

    /// <summary>Removes a request. Later replies to it are ignored.</summary>
    public void Close(Guid request) => _collectors.TryRemove(request, out _);

    /// <summary>Whether a pending request has accepted a reply of the expert, including shadow experts.</summary>
    public bool HasReply(Guid request, string expert) => _collectors.TryGetValue(request, out var collector) && collector.HasReply(expert);

    /// <summary>Passes a reply to its request.</summary>
    /// <returns>False if the request is not pending or does not accept the reply.</returns>
    public bool TryAdd(Guid request, string expert, Reply reply) =>
        _collectors.TryGetValue(request, out var collector) && collector.TryAdd(expert, reply);
}
