using Microsoft.Extensions.DependencyInjection;

namespace Multimodal.Pipeline.Combiner;

/// <summary>Registers a combiner.</summary>
internal static class CombinerServices
{
    /// <summary>Adds it.</summary>
    public static void AddCombiner(this IServiceCollection services) => services
        .AddSingleton<PendingRequests>().AddSingleton<ExpertCommands>().AddSingleton<LateShadows>().AddSingleton<ShadowQuestions>()
        .AddSingleton<PlanExecutor>().AddSingleton<FuseConsumer>().AddSingleton<OpinionConsumer>().AddSingleton<CombinerRole>();
}
