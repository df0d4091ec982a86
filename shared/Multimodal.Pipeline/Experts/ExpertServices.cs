using Microsoft.Extensions.DependencyInjection;
using Multimodal.Pipeline.Messaging.RabbitMq;

namespace Multimodal.Pipeline.Experts;

/// <summary>Registers an expert worker.</summary>
internal static class ExpertServices
{
    /// <summary>Adds it.</summary>
    /// <param name="services">Where to add.</param>
    /// <param name="isShared">Whether other processes take part, which learn of this worker by its heartbeats.</param>
    public static void AddExperts(this IServiceCollection services, bool isShared)
    {
        services.AddSingleton<ExpertChoice>().AddSingleton<ExpertQueues>().AddSingleton<ExpertRole>();
        if (isShared)
        {
            // Registered last, so stopped first: the gateways learn that this worker leaves before it leaves its queues.
            services.AddSingleton<HeartbeatChannel>().AddHostedService<HeartbeatSender>();
        }
    }
}
