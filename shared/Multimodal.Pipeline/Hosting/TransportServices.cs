using Microsoft.Extensions.DependencyInjection;
using Multimodal.Pipeline.Messaging;
using Multimodal.Pipeline.Messaging.InMemory;
using Multimodal.Pipeline.Messaging.RabbitMq;

namespace Multimodal.Pipeline.Hosting;

/// <summary>Registers how the parts of the pipeline reach each other: through queues in memory within one process, by the broker among several.</summary>
internal static class TransportServices
{
    /// <summary>Adds the transport without any queue being read; each role serves its own through <see cref="IWorkChannel"/> once it can.</summary>
    /// <param name="services">Where to add.</param>
    /// <param name="kind">One of the kinds in <see cref="TransportOptions"/>; another is reported when the options are checked.</param>
    public static void AddTransport(this IServiceCollection services, string kind)
    {
        if (kind == TransportOptions.RabbitMq)
        {
            services.AddSingleton(provider => provider.GetRequiredService<MultimodalOptions>().Transport.Broker);
            services.AddSingleton<BrokerTopology>().AddSingleton<BrokerLink>()
                .AddSingleton<IResultChannel, BrokerResults>().AddSingleton<IWorkChannel, BrokerWork>();

            // Registered first, so stopped last: a combiner publishes what it finishes while the others stop.
            services.AddHostedService(provider => provider.GetRequiredService<BrokerLink>());
        }
        else
        {
            services.AddSingleton<LocalQueues>().AddSingleton<IResultChannel, LocalResults>().AddSingleton<IWorkChannel, LocalWork>();

            // Likewise.
            services.AddHostedService(provider => provider.GetRequiredService<LocalQueues>());
        }

        services.AddSingleton<FuseSender>();
    }
}
