using Microsoft.Extensions.DependencyInjection;

namespace Multimodal.Pipeline.Messaging.RabbitMq;

/// <summary>Registers messaging over RabbitMQ.</summary>
internal static class RabbitMqServices
{
    /// <summary>
    /// Adds the connection and channels. Call it before adding roles: hosted services stop in reverse order, and the roles publish while they stop.
    /// </summary>
    public static void AddRabbitMqMessaging(this IServiceCollection services) => services
        .AddSingleton(provider => provider.GetRequiredService<TransportOptions>().Broker)
        .AddSingleton<BrokerTopology>().AddSingleton<BrokerLink>()
        .AddSingleton<IResultChannel, BrokerResults>().AddSingleton<IWorkChannel, BrokerWork>().AddSingleton<FuseSender>()
        .AddHostedService(provider => provider.GetRequiredService<BrokerLink>());
}
