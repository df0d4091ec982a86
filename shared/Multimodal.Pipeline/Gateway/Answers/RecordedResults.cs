namespace Multimodal.Pipeline.Gateway.Answers;

/// <summary>Tells those who wait in this process that it has recorded a result that somebody subscribed to.</summary>
internal sealed class RecordedResults
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Tenant, string Subscription), Listened> _listened = [];

    /// <summary>Beats at each, whichever subscription it is of.</summary>
    public Pulse Any { get; } = new();

    /// <summary>Listens to one subscription until disposed.</summary>
    public Listener Listen(string tenant, string subscription)
    {
        lock (_lock)
        {
            if (!_listened.TryGetValue((tenant, subscription), out var listened))
            {
                _listened.Add((tenant, subscription), listened = new Listened());
            }

            listened.Listeners++;
            return new Listener(this, (tenant, subscription), listened.Pulse);
        }
    }

    /// <summary>A result was recorded.</summary>
    public void Note(string tenant, string subscription)
    {
        Any.Beat();
        lock (_lock)
        {
            if (_listened.TryGetValue((tenant, subscription), out var listened))
            {
                listened.Pulse.Beat();
            }
        }
    }

    private void Leave((string Tenant, string Subscription) key)
    {
        lock (_lock)
        {
            if (_listened.TryGetValue(key, out var listened) && --listened.Listeners == 0)
            {
                _listened.Remove(key);
            }
        }
    }

    private sealed class Listened
    {
        public Pulse Pulse { get; } = new();

        public int Listeners { get; set; }
    }

    /// <summary>One listener; dispose it once.</summary>
    internal sealed class Listener(RecordedResults owner, (string Tenant, string Subscription) key, Pulse pulse) : IDisposable
    {
        /// <summary>Ends at the next result.</summary>
        public Task Next => pulse.Next;

        public void Dispose() => owner.Leave(key);
    }
}
