using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Multimodal.Pipeline.Hosting;
using Multimodal.Pipeline.Results;
using Multimodal.Pipeline.Telemetry;

namespace Multimodal.Pipeline.Transport;

/// <summary>Registers the bus.</summary>
internal static class TransportServices
{
    private static readonly TimeSpan BusStop = TimeSpan.FromSeconds(3);

    /// <summary>Adds the bus without endpoints; each role connects its own through <see cref="BusEndpoints"/> once it can serve.</summary>
    /// <param name="services">Where to add.</param>
    /// <param name="kind">One of the kinds in <see cref="TransportOptions"/>; another is reported when the options are checked.</param>
    public static void AddTransport(this IServiceCollection services, string kind)
    {
        if (kind == TransportOptions.RabbitMq)
        {
            services.AddSingleton(provider => provider.GetRequiredService<MultimodalOptions>().Transport.Broker);
            services.AddSingleton<BrokerTopology>().AddSingleton<BrokerLink>().AddSingleton<IResultChannel, BrokerResults>();

            // Registered before the bus, so stopped after it: a combiner publishes what it finishes while the bus stops.
            services.AddHostedService(provider => provider.GetRequiredService<BrokerLink>());
        }
        else
        {
            services.AddSingleton<IResultChannel, BusResults>();
        }

        services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            if (kind == TransportOptions.RabbitMq)
            {
                bus.UsingRabbitMq((context, rabbit) =>
                {
                    Traces.Propagate(rabbit);
                    Configure(rabbit, context.GetRequiredService<MultimodalOptions>().Transport.Broker);
                });
            }
            else
            {
                bus.UsingInMemory((_, memory) => Traces.Propagate(memory));
            }
        });
        services.AddSingleton<BusEndpoints>().AddSingleton<FuseSender>();
        services.AddOptions<MassTransitHostOptions>().Configure(host =>
        {
            // What is in hand has had its time before (Drain). A consumer that waits for opinions must not hold the stop.
            host.StopTimeout = BusStop;
            host.ConsumerStopTimeout = BusStop;
        });
    }

    private static void Configure(IRabbitMqBusFactoryConfigurator rabbit, BrokerOptions options) =>
        rabbit.Host(options.Host, (ushort)options.Port, options.VirtualHost, "multimodal", host =>
        {
            host.Username(options.User);
            host.Password(options.Password);
            host.PublisherConfirmation = true;
            host.Heartbeat(TimeSpan.FromSeconds(10));
            host.RequestedConnectionTimeout(TimeSpan.FromSeconds(5));
        });
}
