using Multimodal.Bench.Services;

namespace Multimodal.Bench.PathBench;

/// <summary>The services that `bench path` measures: one process of each, with RabbitMQ and PostgreSQL.</summary>
internal static class PathStack
{
    /// <summary>Starts the services.</summary>
    /// <param name="folder">Folder for data and logs.</param>
    /// <param name="models">Folder of the ensembles.</param>
    /// <param name="type">Type of the durable queues.</param>
    /// <param name="more">Additional settings.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static async Task<Stack> StartAsync(
        string folder, string models, string type, IReadOnlyDictionary<string, string> more, CancellationToken cancellationToken)
    {
        var settings = new Dictionary<string, string>(more)
        {
            ["Multimodal:ModelsFolder"] = models,
            ["Multimodal:Transport:Broker:Queues"] = type,

            // Admission control must not limit the measurement.
            ["Multimodal:Gateway:MinInFlight"] = "256",
        };
        var stack = new Stack(folder, new StackPlan(1, 1, 0, Settings: settings) { HasDatabase = true }, TimeProvider.System);
        try
        {
            await stack.StartAsync(cancellationToken);

            // A no-op expert gains nothing from batching, so the batch delay would only add latency.
            var noDelay = new Dictionary<string, string> { ["Multimodal:Inference:Batching:MaxDelay"] = "00:00:00" };
            await stack.AddAsync("text-expert-1", "Multimodal.TextExpert", noDelay, cancellationToken);
            return stack;
        }
        catch
        {
            await stack.DisposeAsync();
            throw;
        }
    }
}
