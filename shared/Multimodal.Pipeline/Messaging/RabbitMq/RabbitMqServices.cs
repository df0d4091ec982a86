using Microsoft.Extensions.DependencyInjection;

namespace Multimodal.Pipeline.Messaging.RabbitMq;

/// <summary>Registers messaging over RabbitMQ.</summary>
internal static class RabbitMqServices
{
    /// <summary>
    /// Adds it. Add it before the parts of the pipeline: hosted services stop in reverse order, and a combiner still publishes while the others stop.
    /// </summary>
    public static void AddRabbitMqMessaging(this IServiceCollection services) => services
        .AddSingleton(provider => provider.GetRequiredService<TransportOptions>().Broker)
        .AddSingleton<BrokerTopology>().AddSingleton<BrokerLink>()
        .AddSingleton<IResultChannel, BrokerResults>().AddSingleton<IWorkChannel, BrokerWork>().AddSingleton<FuseSender>()
        .AddHostedService(provider => provider.GetRequiredService<BrokerLink>());
}
