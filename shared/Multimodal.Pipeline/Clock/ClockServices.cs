using Microsoft.Extensions.DependencyInjection;
using Multimodal.Pipeline.Messaging.RabbitMq;

namespace Multimodal.Pipeline.Clock;

/// <summary>Registers the service's time.</summary>
internal static class ClockServices
{
    /// <summary>Adds the clock, which replaces the host's clock.</summary>
    /// <param name="services">The services.</param>
    /// <param name="isFollower">Whether a gateway in another process sends the time.</param>
    public static void AddServiceClock(this IServiceCollection services, bool isFollower)
    {
        var system = services.LastOrDefault(service => service.ServiceType == typeof(TimeProvider))?.ImplementationInstance as TimeProvider ?? TimeProvider.System;
        services.AddSingleton(new ServiceClock(system));
        services.AddSingleton<TimeProvider>(provider => provider.GetRequiredService<ServiceClock>());
        services.AddSingleton<SkewLog>();
        if (isFollower)
        {
            services.AddSingleton<ClockChannel>().AddSingleton<ClockFollower>();
        }
    }
}
