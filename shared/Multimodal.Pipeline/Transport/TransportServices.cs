using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Multimodal.Pipeline.Hosting;

namespace Multimodal.Pipeline.Transport;

/// <summary>Registers the bus.</summary>
internal static class TransportServices
{
    /// <summary>Adds the bus without endpoints; each role connects its own through <see cref="BusEndpoints"/> once it can serve.</summary>
    public static void AddTransport(this IServiceCollection services)
    {
        services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.UsingInMemory();
        });
        services.AddSingleton<BusEndpoints>().AddSingleton<FuseSender>();
        services.AddOptions<MassTransitHostOptions>().Configure<MultimodalOptions>((host, options) =>
        {
            // A consumer that waits for opinions must not hold the stop: what is unfinished is sent again at the next start.
            host.StopTimeout = TimeSpan.FromSeconds(options.Hosting.DrainSeconds);
            host.ConsumerStopTimeout = TimeSpan.FromSeconds(options.Hosting.DrainSeconds);
        });
    }
}
