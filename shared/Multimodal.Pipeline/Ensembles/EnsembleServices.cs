using Microsoft.Extensions.DependencyInjection;
using Multimodal.Inference.Experts;

namespace Multimodal.Pipeline.Ensembles;

/// <summary>
/// Registers the watcher of the ensembles' files. The host registers their source and the catalog, which depend on its options.
/// </summary>
internal static class EnsembleServices
{
    /// <summary>Adds the watcher.</summary>
    public static void AddEnsembles(this IServiceCollection services) => services
        .AddSingleton<ExpertLoader>().AddSingleton<EnsembleWatcher>().AddHostedService(provider => provider.GetRequiredService<EnsembleWatcher>());
}
