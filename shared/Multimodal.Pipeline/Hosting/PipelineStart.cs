using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Multimodal.Pipeline.Blobs;
using Multimodal.Pipeline.Combiner;
using Multimodal.Pipeline.Ensembles;
using Multimodal.Pipeline.Experts;
using Multimodal.Pipeline.Requests;
using Multimodal.Pipeline.Results;
using Multimodal.Pipeline.Transport;

namespace Multimodal.Pipeline.Hosting;

/// <summary>
/// Brings the process up from its end to its beginning, so that nothing is sent to where nobody listens: results, combiner,
/// experts (loaded and warm), then what an earlier process left, and only then new requests. The HTTP server runs meanwhile and
/// answers the probes. A failure ends the process with exit code 1.
/// </summary>
internal sealed partial class PipelineStart(
    IEnsembleSource source,
    EnsembleCatalog ensembles,
    HostedExperts experts,
    BusEndpoints bus,
    RequestDatabase database,
    ResultConsumer results,
    FuseConsumer fuses,
    OpinionConsumer opinions,
    OpenRequests open,
    BlobFolder blobs,
    Recovery recovery,
    Readiness readiness,
    MultimodalOptions options,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<PipelineStart> logger,
    ILoggerFactory loggers) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Hosted services start one after the other; the server must not wait for the models.
        await Task.Yield();
        try
        {
            var start = time.GetTimestamp();
            await BringUpAsync(stoppingToken);
            readiness.Open();
            var elapsed = time.GetElapsedTime(start);
            LogReady(elapsed);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogFailed(exception, exception.Message);
            Environment.ExitCode = 1;
            lifetime.StopApplication();
        }
    }

    private async Task BringUpAsync(CancellationToken cancellationToken)
    {
        var concurrency = options.Combiner.Concurrency;
        await database.MigrateAsync(cancellationToken);
        ensembles.Fill(source.LoadEnsembles());
        await bus.ServeEventsAsync(Topology.ResultsQueue, concurrency, results);
        await bus.ServeOwnQueueAsync(Topology.OpinionsQueue(open.Instance), concurrency, opinions);
        await bus.ServeCommandsAsync(Topology.FuseQueue, concurrency, fuses);
        foreach (var ensemble in ensembles.All)
        {
            await ServeAsync(ensemble, cancellationToken);
        }

        await recovery.RunAsync(cancellationToken);
    }

    private async Task ServeAsync(Ensemble ensemble, CancellationToken cancellationToken)
    {
        var loaded = await source.LoadExpertsAsync(ensemble, cancellationToken);
        experts.Add(ensemble.Name, loaded);
        foreach (var expert in loaded)
        {
            var name = expert.Package.Name;
            var place = ensemble.Package.Experts.First(candidate => candidate.Package.Name == name);
            var consumer = new ExpertConsumer(expert, place, blobs, time, loggers.CreateLogger<ExpertConsumer>());
            await bus.ServeCommandsAsync(Topology.ExpertQueue(ensemble.Name, name), options.Experts.Concurrency, consumer);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Ready after {Elapsed}.")]
    private partial void LogReady(TimeSpan elapsed);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The service cannot start: {Reason}")]
    private partial void LogFailed(Exception exception, string reason);
}
