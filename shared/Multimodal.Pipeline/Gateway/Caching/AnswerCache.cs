using System.Diagnostics.CodeAnalysis;
using System.Text;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Ensembles;
using Multimodal.Pipeline.Telemetry;

namespace Multimodal.Pipeline.Gateway.Caching;

/// <summary>
/// The last answers of this gateway by the key of their request. Holds answers and keys, never payloads. Bounded in bytes: the answers that were used
/// least recently are dropped first. Thread-safe.
/// </summary>
internal sealed class AnswerCache(CacheOptions options, TimeProvider time)
{
    /// <summary>
    /// Number of requests whose answers are awaited. An answer that another gateway recorded may never become known here, so the oldest are dropped.
    /// </summary>
    internal const int MaxAwaited = 16_384;

    /// <summary>Bytes of an entry besides the answer.</summary>
    private const int EntryBytes = 512;

    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, Awaited> _awaited = [];
    private readonly Queue<Guid> _oldestAwaited = [];
    private readonly Dictionary<string, LinkedListNode<Entry>> _entries = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> _leastUsed = [];
    private long _bytes;

    /// <summary>Whether the cache is switched on.</summary>
    public bool IsOn => options.MaxBytes > 0;

    /// <summary>The time for which an answer is used.</summary>
    public TimeSpan MaxAge => options.MaxAge;

    /// <summary>Number of answers.</summary>
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

    /// <summary>Approximate size of all answers in memory.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Finds the answer to an equal request.</summary>
    /// <param name="key">The request's key.</param>
    /// <param name="maxAge">The greatest age that the client accepts; null for any.</param>
    /// <param name="found">The answer.</param>
    public bool TryFind(string key, TimeSpan? maxAge, out CachedAnswer found)
    {
        found = default;
        lock (_lock)
        {
            if (!_entries.TryGetValue(key, out var node))
            {
                return false;
            }

            var age = time.GetElapsedTime(node.Value.At);
            if (age >= options.MaxAge)
            {
                Drop(node);
                return false;
            }

            if (age > maxAge)
            {
                return false;
            }

            _leastUsed.Remove(node);
            _leastUsed.AddLast(node);
            found = new CachedAnswer(node.Value.Answer, age);
            return true;
        }
    }

    /// <summary>Announces a request whose answer is to be kept. Call it before the request is sent.</summary>
    public void Await(Guid request, string key, Ensemble ensemble)
    {
        lock (_lock)
        {
            _awaited[request] = new Awaited(key, ensemble);
            _oldestAwaited.Enqueue(request);
            if (_oldestAwaited.Count > MaxAwaited)
            {
                _awaited.Remove(_oldestAwaited.Dequeue());
            }
        }
    }

    /// <summary>Keeps an answer that this gateway recorded, if it is awaited and final.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="result">The answer as stored.</param>
    public void Add(FusedAnswer answer, string result)
    {
        if (TryTake(answer.Id, out var awaited) && FinalAnswer.Is(answer, awaited.Ensemble))
        {
            Insert(awaited.Key, answer, (2L * (result.Length + awaited.Key.Length)) + EntryBytes);
        }
    }

    /// <summary>Keeps an answer that another gateway recorded.</summary>
    /// <param name="request">The request's id.</param>
    /// <param name="result">The answer as stored.</param>
    public void Add(Guid request, string result)
    {
        bool isAwaited;
        lock (_lock)
        {
            isAwaited = _awaited.ContainsKey(request);
        }

        if (isAwaited && JsonFormat.TryRead<FusedAnswer>(Encoding.UTF8.GetBytes(result)) is { } answer)
        {
            Add(answer, result);
        }
    }

    /// <summary>Drops an answer whose request was deleted.</summary>
    public void Remove(string key)
    {
        lock (_lock)
        {
            if (_entries.TryGetValue(key, out var node))
            {
                Drop(node);
            }
        }
    }

    private bool TryTake(Guid request, [NotNullWhen(true)] out Awaited? awaited)
    {
        lock (_lock)
        {
            return _awaited.Remove(request, out awaited);
        }
    }

    private void Insert(string key, FusedAnswer answer, long bytes)
    {
        var evicted = 0;
        lock (_lock)
        {
            if (_entries.TryGetValue(key, out var older))
            {
                Drop(older);
            }

            if (bytes > options.MaxBytes)
            {
                return;
            }

            while (_bytes + bytes > options.MaxBytes)
            {
                Drop(_leastUsed.First!);
                evicted++;
            }

            _entries.Add(key, _leastUsed.AddLast(new Entry(key, answer, bytes, time.GetTimestamp())));
            _bytes += bytes;
        }

        PipelineMetrics.CacheEvicted(evicted);
    }

    private void Drop(LinkedListNode<Entry> node)
    {
        _leastUsed.Remove(node);
        _entries.Remove(node.Value.Key);
        _bytes -= node.Value.Bytes;
    }

    private sealed record Awaited(string Key, Ensemble Ensemble);

    private sealed record Entry(string Key, FusedAnswer Answer, long Bytes, long At);
}
