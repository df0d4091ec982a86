using Microsoft.Extensions.DependencyInjection;

namespace Multimodal.Pipeline.Messaging.InMemory;

/// <summary>Registers queues in memory, for a single process with all roles.</summary>
internal static class InMemoryServices
{
    /// <summary>
    /// Adds the queues. Call it before adding roles: hosted services stop in reverse order, and the queues must stop last.
    /// </summary>
    public static void AddInMemoryMessaging(this IServiceCollection services) => services
        .AddSingleton<LocalQueues>().AddSingleton<IResultChannel, LocalResults>().AddSingleton<IWorkChannel, LocalWork>().AddSingleton<FuseSender>()
        .AddHostedService(provider => provider.GetRequiredService<LocalQueues>());
}
