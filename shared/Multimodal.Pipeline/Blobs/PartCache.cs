using Multimodal.Contracts.Values;
using Multimodal.Inference.Media;

namespace Multimodal.Pipeline.Blobs;

/// <summary>
/// The parts of requests in work. The experts of this process share what was computed from a part, with each other and with a gateway in the same
/// process. Without it, each would read, verify and decode the part again. Bounded: the oldest parts are dropped first. Thread-safe.
/// </summary>
internal sealed class PartCache(IBlobStore blobs, TimeProvider time)
{
    /// <summary>Sum of the costs of all parts.</summary>
    private const long Capacity = 64 << 20;

    /// <summary>What is computed from a part: an image of 512 pixels in colour and gray, a smaller one, or 30 s of sound.</summary>
    private const long ComputedBytes = 3 << 19;

    /// <summary>
    /// The experts of a request are asked within moments of each other, except in waves. Older parts are dropped when the next part is added.
    /// </summary>
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly Dictionary<(Guid Request, string Sha256), LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _oldestFirst = [];
    private long _cost;

    /// <summary>Number of parts.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _entries.Count;
            }
        }
    }

    /// <summary>Adds a part whose digest the caller has computed.</summary>
    public void Add(Guid request, string sha256, MediaContent content)
    {
        lock (_lock)
        {
            Insert((request, sha256), Task.FromResult<MediaContent?>(content), content.Bytes.Length);
        }
    }

    /// <summary>Returns a part, from the message or the store if it is not here.</summary>
    /// <param name="request">The request.</param>
    /// <param name="part">The part's entry in the message.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Null if the payload does not exist, or does not match the length and SHA-256 in the message.</returns>
    /// <exception cref="BlobStoreException">The store is unreachable, or the transfer failed.</exception>
    public async Task<MediaContent?> ReadAsync(Guid request, MediaPart part, CancellationToken cancellationToken)
    {
        Task<MediaContent?> reading;
        lock (_lock)
        {
            reading = _entries.TryGetValue((request, part.Sha256), out var known) ? known.Value.Content : Insert((request, part.Sha256), LoadAsync(part), part.Length);
        }

        try
        {
            return await reading.WaitAsync(cancellationToken);
        }
        catch when (reading.IsFaulted)
        {
            Remove(request);
            throw;
        }
    }

    /// <summary>Drops the parts of a request.</summary>
    public void Remove(Guid request)
    {
        lock (_lock)
        {
            foreach (var key in _entries.Keys.Where(key => key.Request == request).ToArray())
            {
                Drop(_entries[key]);
            }
        }
    }

    private async Task<MediaContent?> LoadAsync(MediaPart part)
    {
        // Other experts may wait for the same payload, so the cancellation of one of them must not stop it.
        await Task.Yield();
        return await blobs.ReadAsync(part, CancellationToken.None) is { } bytes ? new MediaContent(bytes) : null;
    }

    private Task<MediaContent?> Insert((Guid Request, string Sha256) key, Task<MediaContent?> content, long length)
    {
        if (_entries.TryGetValue(key, out var known))
        {
            return known.Value.Content;
        }

        DropOld();
        _entries[key] = _oldestFirst.AddLast(new Entry(key, content, length + ComputedBytes, time.GetTimestamp()));
        _cost += length + ComputedBytes;
        while (_cost > Capacity && _oldestFirst.Count > 1)
        {
            Drop(_oldestFirst.First!);
        }

        return content;
    }

    private void DropOld()
    {
        while (_oldestFirst.First is { } oldest && time.GetElapsedTime(oldest.Value.Since) > MaxAge)
        {
            Drop(oldest);
        }
    }

    private void Drop(LinkedListNode<Entry> node)
    {
        _oldestFirst.Remove(node);
        _entries.Remove(node.Value.Key);
        _cost -= node.Value.Cost;
    }

    private sealed record Entry((Guid Request, string Sha256) Key, Task<MediaContent?> Content, long Cost, long Since);
}
