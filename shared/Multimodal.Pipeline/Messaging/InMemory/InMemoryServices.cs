using Microsoft.Extensions.DependencyInjection;

namespace Multimodal.Pipeline.Messaging.InMemory;

/// <summary>Registers queues in memory, for a process that is the whole pipeline.</summary>
internal static class InMemoryServices
{
    /// <summary>Adds them. Add them before the parts of the pipeline: hosted services stop in reverse order, and the queues must stop last.</summary>
    public static void AddInMemoryMessaging(this IServiceCollection services) => services
        .AddSingleton<LocalQueues>().AddSingleton<IResultChannel, LocalResults>().AddSingleton<IWorkChannel, LocalWork>().AddSingleton<FuseSender>()
        .AddHostedService(provider => provider.GetRequiredService<LocalQueues>());
}
