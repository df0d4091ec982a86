namespace Multimodal.Pipeline.Combiner;

/// <summary>
/// Remembers until the deadline which experts in shadow were asked, because an answer does not wait for them: what they say later is recorded too.
/// Otherwise only requests that took long would be. Thread-safe.
/// </summary>
internal sealed class LateShadows(TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(Guid Request, string Expert), string> _expected = [];
    private readonly PriorityQueue<(Guid Request, string Expert), DateTimeOffset> _ends = new();

    /// <summary>Experts in shadow are asked about a request.</summary>
    public void Expect(Guid request, string ensemble, IEnumerable<string> experts, DateTimeOffset deadline)
    {
        lock (_lock)
        {
            Forget();
            foreach (var expert in experts)
            {
                if (_expected.TryAdd((request, expert), ensemble))
                {
                    _ends.Enqueue((request, expert), deadline);
                }
            }
        }
    }

    /// <summary>Takes an expert's first reply that no answer took.</summary>
    /// <returns>The ensemble; null when nobody expects such a reply, or no longer.</returns>
    public string? Take(Guid request, string expert)
    {
        lock (_lock)
        {
            Forget();
            return _expected.Remove((request, expert), out var ensemble) ? ensemble : null;
        }
    }

    private void Forget()
    {
        while (_ends.TryPeek(out var entry, out var deadline) && deadline <= time.GetUtcNow())
        {
            _expected.Remove(entry);
            _ends.Dequeue();
        }
    }
}
