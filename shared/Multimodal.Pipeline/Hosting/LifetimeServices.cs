using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Multimodal.Inference.Experts;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Ensembles;
using Multimodal.Pipeline.Messaging.RabbitMq;

namespace Multimodal.Pipeline.Hosting;

/// <summary>Registers start, readiness and shutdown of the process.</summary>
internal static class LifetimeServices
{
    /// <summary>Adds the services.</summary>
    public static void AddLifetime(this IServiceCollection services)
    {
        services.TryAddSingleton<IEnsembleSource>(provider => new ModelsFolder(
            provider.GetRequiredService<MultimodalOptions>().ModelsFolder,
            provider.GetRequiredService<InferenceOptions>(),
            provider.GetRequiredService<IConfiguration>(),
            provider.GetRequiredService<ExpertLoader>()));
        services.AddSingleton(provider => new EnsembleCatalog(provider.GetRequiredService<MultimodalOptions>().DefaultEnsemble));
        services.AddSingleton(provider => new Readiness(provider.GetService<BrokerLink>() is { } link ? () => link.IsOpen : null));
        services.AddSingleton(provider => new DrainToken(
            provider.GetRequiredService<IHostApplicationLifetime>(),
            provider.GetRequiredService<Readiness>(),
            TimeSpan.FromSeconds(provider.GetRequiredService<HostingOptions>().DrainSeconds),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<PipelineGauges>().AddSingleton<PipelineParts>().AddSingleton<AudioSupportLog>();
        services.AddEnsembles();
        services.AddHostedService<PipelineStart>();
        services.AddHostedService<Drain>();
    }
}
