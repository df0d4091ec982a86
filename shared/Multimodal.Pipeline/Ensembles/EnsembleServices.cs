using Microsoft.Extensions.DependencyInjection;
using Multimodal.Inference.Experts;

namespace Multimodal.Pipeline.Ensembles;

/// <summary>Registers what watches the ensembles' files. Their source and the catalog are registered where the folder's setting is read.</summary>
internal static class EnsembleServices
{
    /// <summary>Adds it.</summary>
    public static void AddEnsembles(this IServiceCollection services) => services
        .AddSingleton<ExpertLoader>().AddSingleton<EnsembleWatch>().AddHostedService(provider => provider.GetRequiredService<EnsembleWatch>());
}
