using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Multimodal.Pipeline.Hosting;
using Multimodal.Pipeline.Results;
using Multimodal.Pipeline.Telemetry;

namespace Multimodal.Pipeline.Transport;

/// <summary>Registers how the parts of the pipeline reach each other: by MassTransit in one process, by the broker among several.</summary>
internal static class TransportServices
{
    private static readonly TimeSpan BusStop = TimeSpan.FromSeconds(3);

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
            AddBus(services);
        }

        services.AddSingleton<FuseSender>();
    }

    private static void AddBus(IServiceCollection services)
    {
        services.AddSingleton<IResultChannel, BusResults>().AddSingleton<BusWork>().AddSingleton<IWorkChannel>(provider => provider.GetRequiredService<BusWork>());

        services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.UsingInMemory((_, memory) => Traces.Propagate(memory));
        });
        services.AddOptions<MassTransitHostOptions>().Configure(host =>
        {
            // What is in hand has had its time before (Drain). A consumer that waits for opinions must not hold the stop.
            host.StopTimeout = BusStop;
            host.ConsumerStopTimeout = BusStop;
        });
    }
}
