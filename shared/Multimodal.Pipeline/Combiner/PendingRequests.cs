using System.Collections.Concurrent;

namespace Multimodal.Pipeline.Combiner;

/// <summary>The requests that this combiner is collector opinions for, and the queue on which it does.</summary>
internal sealed class PendingRequests
{
    private readonly ConcurrentDictionary<Guid, OpinionCollector> _open = new();

    /// <summary>Names this process's queue; replies carry no other state.</summary>
    public string Instance { get; } = Guid.NewGuid().ToString("n");

    /// <summary>Number of requests being gathered.</summary>
    public int Count => _open.Count;

    /// <summary>Starts collector.</summary>
    /// <returns>The given one, or another when this process is collector for that request already.</returns>
    public OpinionCollector Open(Guid request, OpinionCollector collector) => _open.GetOrAdd(request, collector);

    /// <summary>Forgets a request; later replies to it are ignored.</summary>
    public void Close(Guid request) => _open.TryRemove(request, out _);

    /// <summary>Whether an open request has taken the reply of an expert, in shadow or not.</summary>
    public bool Heard(Guid request, string expert) => _open.TryGetValue(request, out var collector) && collector.Heard(expert);

    /// <summary>Hands a reply to its request.</summary>
    /// <returns>False when it is not wanted: an unknown request, or a second reply.</returns>
    public bool Take(Guid request, string expert, Reply reply) =>
        _open.TryGetValue(request, out var collector) && collector.Take(expert, reply);
}
