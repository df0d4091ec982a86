using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Multimodal.Pipeline.Core;

namespace Multimodal.Pipeline.Gateway.Store;

/// <summary>Registers the request store.</summary>
internal static class StoreServices
{
    /// <summary>Adds the request store.</summary>
    public static void AddStore(this IServiceCollection services)
    {
        services.AddSingleton(provider => new RequestDatabase(
            provider.GetRequiredService<DataFolder>().PathOf("requests.db"),
            provider.GetRequiredService<StoreOptions>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<RequestDatabase>>()));
        services.AddSingleton(provider => new GroupedWriter(
            provider.GetRequiredService<RequestDatabase>(), provider.GetRequiredService<StoreOptions>().CommitGroup));
        services.AddSingleton<RequestStore>().AddSingleton<RolloutRecord>();
    }
}
