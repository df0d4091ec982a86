using Multimodal.Bench.PathBench;

namespace Multimodal.Bench.Scaling;

/// <summary>One running service for each size, for sizes that are fixed at the start of a process.</summary>
internal sealed class ServicesBySize : IAsyncDisposable
{
    private readonly Dictionary<int, ScaledService> _services = [];

    /// <summary>The service of a size.</summary>
    public ScaledService this[int size] => _services[size];

    /// <summary>Starts the services.</summary>
    /// <param name="run">The run.</param>
    /// <param name="sizes">The sizes.</param>
    /// <param name="shapes">The ensembles of a size.</param>
    /// <param name="settings">The settings of a size.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    public static async Task<ServicesBySize> StartAsync(
        ScalingRun run, IEnumerable<int> sizes, Func<int, IEnumerable<NoOpShape>> shapes, Func<int, Dictionary<string, string>> settings, CancellationToken cancellationToken)
    {
        var services = new ServicesBySize();
        try
        {
            foreach (var size in sizes)
            {
                services._services[size] = await ScaledService.StartAsync(run, $"size-{size}", shapes(size), settings(size), cancellationToken);
            }

            return services;
        }
        catch
        {
            await services.DisposeAsync();
            throw;
        }
    }

    /// <summary>Warms up every service.</summary>
    public async Task WarmUpAsync(ScalingRun run, Func<ScaledService, int, Task> ask)
    {
        foreach (var (size, service) in _services)
        {
            await service.WarmUpAsync(run, () => ask(service, size));
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var service in _services.Values)
        {
            await service.DisposeAsync();
        }
    }
}
