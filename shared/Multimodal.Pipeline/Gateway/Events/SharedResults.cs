using Multimodal.Pipeline.Gateway.Answers;
using Multimodal.Pipeline.Gateway.Store;

namespace Multimodal.Pipeline.Gateway.Events;

/// <summary>
/// Finds results that other gateways recorded, for all calls and event streams of this gateway that wait for one. The number of queries does not depend on
/// how many wait. Not thread-safe.
/// </summary>
internal sealed class SharedResults(RequestStore requests, EventLog log, ResultWaiters waiters, ResultSignals signals)
{
    private Dictionary<(string Tenant, string Name), long> _seen = [];

    /// <summary>Checks the store once.</summary>
    public async Task PollAsync(CancellationToken cancellationToken)
    {
        foreach (var (id, result) in await requests.ResultsAsync(waiters.Waited, cancellationToken))
        {
            waiters.Complete(id, result);
        }

        var seen = new Dictionary<(string Tenant, string Name), long>();
        foreach (var position in await log.PositionsAsync(signals.Listened, cancellationToken))
        {
            var key = (position.Tenant, position.Name);
            if (position.Unnumbered > 0 || _seen.GetValueOrDefault(key, -1) != position.Numbered)
            {
                signals.Release(position.Tenant, position.Name);
            }

            seen.Add(key, position.Numbered);
        }

        _seen = seen;
    }
}
