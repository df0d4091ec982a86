using System.Collections.Frozen;
using Multimodal.Contracts.Events;
using Multimodal.Inference.Experts;

namespace Multimodal.Pipeline.Experts;

/// <summary>The experts that this process runs. Disposing it drains and unloads them.</summary>
internal sealed class HostedExperts(TimeProvider time) : IAsyncDisposable
{
    private FrozenDictionary<(string Ensemble, string Name), IExpert> _experts = FrozenDictionary<(string, string), IExpert>.Empty;
    private FrozenDictionary<(string Ensemble, string Name), WorkMeter> _meters = FrozenDictionary<(string, string), WorkMeter>.Empty;

    /// <summary>The experts as reported in heartbeats.</summary>
    public IReadOnlyList<ServedExpert> All => [.. _experts.Keys.Select(key => Describe(key.Ensemble, key.Name)!)];

    /// <summary>Adds the experts of one ensemble.</summary>
    public void Add(string ensemble, IReadOnlyList<IExpert> experts)
    {
        _meters = _meters.Concat(experts.Select(expert => KeyValuePair.Create((ensemble, expert.Package.Name), new WorkMeter(time)))).ToFrozenDictionary();
        _experts = _experts.Concat(experts.Select(expert => KeyValuePair.Create((ensemble, expert.Package.Name), expert))).ToFrozenDictionary();
    }

    /// <summary>Finds an expert; null if this process does not run it.</summary>
    public IExpert? Find(string ensemble, string name) => _experts.GetValueOrDefault((ensemble, name));

    /// <summary>The work meter of an expert of this process.</summary>
    public WorkMeter Meter(string ensemble, string name) => _meters[(ensemble, name)];

    /// <summary>Describes an expert as in heartbeats; null if this process does not run it.</summary>
    public ServedExpert? Describe(string ensemble, string name) => Find(ensemble, name) is { } expert
        ? new ServedExpert(
            ensemble, name, expert.Package.Version, expert.Device, expert.Backlog, Meter(ensemble, name).BatchSize, Meter(ensemble, name).ItemMs)
        : null;

    public async ValueTask DisposeAsync()
    {
        foreach (var expert in _experts.Values)
        {
            await expert.DisposeAsync();
        }
    }
}
