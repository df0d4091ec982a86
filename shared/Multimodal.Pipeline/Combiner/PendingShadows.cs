namespace Multimodal.Pipeline.Combiner;

/// <summary>
/// Keeps track of the shadow experts that were asked, until the deadline. An answer does not wait for them, so their late opinions are recorded
/// separately; otherwise the records would be biased towards slow requests. Thread-safe.
/// </summary>
internal sealed class PendingShadows(TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(Guid Request, string Expert), string> _expected = [];
    private readonly PriorityQueue<(Guid Request, string Expert), DateTimeOffset> _deadlines = new();

    /// <summary>Registers the shadow experts that are asked about a request.</summary>
    public void Expect(Guid request, string ensemble, IEnumerable<string> experts, DateTimeOffset deadline)
    {
        lock (_lock)
        {
            RemoveExpired();
            foreach (var expert in experts)
            {
                if (_expected.TryAdd((request, expert), ensemble))
                {
                    _deadlines.Enqueue((request, expert), deadline);
                }
            }
        }
    }

    /// <summary>Accepts an expert's first late reply.</summary>
    /// <returns>The ensemble; null if the reply is not expected or its deadline has passed.</returns>
    public string? Accept(Guid request, string expert)
    {
        lock (_lock)
        {
            RemoveExpired();
            return _expected.Remove((request, expert), out var ensemble) ? ensemble : null;
        }
    }

    private void RemoveExpired()
    {
        while (_deadlines.TryPeek(out var entry, out var deadline) && deadline <= time.GetUtcNow())
        {
            _expected.Remove(entry);
            _deadlines.Dequeue();
        }
    }
}
