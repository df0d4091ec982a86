using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Gateway.Keys;

namespace Multimodal.Pipeline.Hosting;

/// <summary>Registers the options, which are validated at the start, and each section for the classes that use it.</summary>
internal static class OptionsServices
{
    /// <summary>Adds the options.</summary>
    public static void AddMultimodalOptions(this IServiceCollection services, IConfiguration configuration)
    {
        var section = configuration.GetSection(MultimodalOptions.Section);
        services.AddOptions<MultimodalOptions>().ValidateOnStart();
        services.AddSingleton<IOptionsFactory<MultimodalOptions>>(_ => new StrictOptionsFactory(section));
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<MultimodalOptions>>().Value);
        services.AddOptions<HostOptions>().Configure<HostingOptions>(
            (host, options) => host.ShutdownTimeout = TimeSpan.FromSeconds(options.DrainSeconds + HostingOptions.EndSeconds));
        AddSection(services, options => options.Http);
        AddSection(services, options => options.Gateway);
        AddSection(services, options => options.Cache);
        AddSection(services, options => options.Ensembles);
        AddSection(services, options => options.Inference);
        AddSection(services, options => options.Transport);
        AddSection(services, options => options.Store);
        AddSection(services, options => options.Secrets);
        AddSection(services, options => options.Clock);
        AddSection(services, options => options.Blobs);
        AddSection(services, options => options.Experts);
        AddSection(services, options => options.Combiner);
        AddSection(services, options => options.Online);
        AddSection(services, options => options.Subscriptions);
        AddSection(services, options => options.Webhooks);
        AddSection(services, options => options.Events);
        AddSection(services, options => options.Hosting);
        AddSection(services, options => options.Telemetry);
        AddSection(services, options => new DataFolder(options.DataFolder));
        services.AddSingleton(provider => new KeyRing(provider.GetRequiredService<MultimodalOptions>().Keys.Values, provider.GetRequiredService<TimeProvider>()));
    }

    private static void AddSection<T>(IServiceCollection services, Func<MultimodalOptions, T> section)
        where T : class => services.AddSingleton(provider => section(provider.GetRequiredService<MultimodalOptions>()));
}
