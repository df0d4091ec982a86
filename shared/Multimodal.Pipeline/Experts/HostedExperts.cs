using System.Collections.Frozen;
using Multimodal.Inference.Packages;

namespace Multimodal.Pipeline.Experts;

/// <summary>The experts whose models this process runs. Owns them: disposing it drains and unloads them.</summary>
internal sealed class HostedExperts : IAsyncDisposable
{
    private FrozenDictionary<(string Ensemble, string Name), IExpert> _experts = FrozenDictionary<(string, string), IExpert>.Empty;

    /// <summary>Adds the experts of one ensemble.</summary>
    public void Add(string ensemble, IEnumerable<IExpert> experts) =>
        _experts = _experts
            .Concat(experts.Select(expert => KeyValuePair.Create((ensemble, expert.Package.Name), expert)))
            .ToFrozenDictionary();

    /// <summary>The expert, or null when this process does not run it.</summary>
    public IExpert? Find(string ensemble, string name) => _experts.GetValueOrDefault((ensemble, name));

    public async ValueTask DisposeAsync()
    {
        foreach (var expert in _experts.Values)
        {
            await expert.DisposeAsync();
        }
    }
}
