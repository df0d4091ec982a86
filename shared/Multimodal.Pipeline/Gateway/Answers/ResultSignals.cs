namespace Multimodal.Pipeline.Gateway.Answers;

/// <summary>Signals local waiters that a subscribed result was recorded. Thread-safe.</summary>
internal sealed class ResultSignals
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Tenant, string Subscription), Entry> _entries = [];

    /// <summary>Set on every recorded result, whatever its subscription.</summary>
    public Signal Any { get; } = new();

    /// <summary>Listens to one subscription until disposed.</summary>
    public Listener Listen(string tenant, string subscription)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue((tenant, subscription), out var entry))
            {
                _entries.Add((tenant, subscription), entry = new Entry());
            }

            entry.Listeners++;
            return new Listener(this, (tenant, subscription), entry.Signal);
        }
    }

    /// <summary>The subscriptions that have listeners.</summary>
    public IReadOnlyList<(string Tenant, string Subscription)> Listened
    {
        get
        {
            lock (_lock)
            {
                return [.. _entries.Keys];
            }
        }
    }

    /// <summary>Signals a result that this gateway recorded.</summary>
    public void Set(string tenant, string subscription)
    {
        Any.Set();
        Release(tenant, subscription);
    }

    /// <summary>Signals a result that another gateway recorded.</summary>
    public void Release(string tenant, string subscription)
    {
        lock (_lock)
        {
            if (_entries.TryGetValue((tenant, subscription), out var entry))
            {
                entry.Signal.Set();
            }
        }
    }

    private void Leave((string Tenant, string Subscription) key)
    {
        lock (_lock)
        {
            if (_entries.TryGetValue(key, out var entry) && --entry.Listeners == 0)
            {
                _entries.Remove(key);
            }
        }
    }

    private sealed class Entry
    {
        public Signal Signal { get; } = new();

        public int Listeners { get; set; }
    }

    /// <summary>One listener; dispose it once.</summary>
    internal sealed class Listener(ResultSignals owner, (string Tenant, string Subscription) key, Signal signal) : IDisposable
    {
        /// <summary>Completes at the next result.</summary>
        public Task Next => signal.Next;

        public void Dispose() => owner.Leave(key);
    }
}
