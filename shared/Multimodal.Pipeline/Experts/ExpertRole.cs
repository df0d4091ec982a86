using Multimodal.Inference.Packages;
using Multimodal.Pipeline.Ensembles;

namespace Multimodal.Pipeline.Experts;

/// <summary>Starts an expert worker: loads and warms up its experts, then connects them to their queues.</summary>
internal sealed class ExpertRole(IEnsembleSource source, ExpertChoice choice, HostedExperts hosted, ExpertQueues queues)
{
    /// <summary>Loads and connects the experts of this process.</summary>
    /// <exception cref="InvalidPackageException">A configured name is unknown, or a model cannot be loaded.</exception>
    public async Task ConnectAsync(IReadOnlyCollection<Ensemble> ensembles, CancellationToken cancellationToken)
    {
        foreach (var (ensemble, chosen) in choice.Choose(ensembles))
        {
            var loaded = await source.LoadExpertsAsync(ensemble, chosen, cancellationToken);
            hosted.Add(ensemble.Name, loaded);
            foreach (var expert in loaded)
            {
                await queues.ServeAsync(ensemble, expert, hosted.Meter(ensemble.Name, expert.Package.Name), cancellationToken);
            }
        }
    }
}
