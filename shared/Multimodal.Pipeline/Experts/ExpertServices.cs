using Microsoft.Extensions.DependencyInjection;
using Multimodal.Pipeline.Blobs;
using Multimodal.Pipeline.Messaging.RabbitMq;

namespace Multimodal.Pipeline.Experts;

/// <summary>Registers an expert worker.</summary>
internal static class ExpertServices
{
    /// <summary>Adds the worker.</summary>
    /// <param name="services">The services.</param>
    /// <param name="isShared">Whether several processes form the pipeline. Then the worker sends heartbeats.</param>
    public static void AddExperts(this IServiceCollection services, bool isShared)
    {
        services.AddSingleton<ExpertChoice>().AddSingleton<PartCache>().AddSingleton<ExpertQueues>().AddSingleton<ExpertRole>();
        if (isShared)
        {
            // Registered last, so stopped first: the gateways are notified before this worker stops consuming.
            services.AddSingleton<HeartbeatChannel>().AddHostedService<HeartbeatSender>();
        }
    }
}
