using Microsoft.Extensions.DependencyInjection;

namespace Multimodal.Pipeline.Combiner;

/// <summary>Registers a combiner.</summary>
internal static class CombinerServices
{
    /// <summary>Adds the combiner.</summary>
    public static void AddCombiner(this IServiceCollection services) => services
        .AddSingleton<PendingRequests>().AddSingleton<GatewayVersions>().AddSingleton<ExpertCommands>().AddSingleton<PendingShadows>().AddSingleton<ShadowDispatcher>()
        .AddSingleton<PlanExecutor>().AddSingleton<FuseConsumer>().AddSingleton<OpinionConsumer>().AddSingleton<CombinerRole>();
}
