using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Ensembles;

namespace Multimodal.Pipeline.Hosting;

/// <summary>
/// Starts the pipeline from its end to its beginning, so that every message finds a consumer: first results, then the combiner, the experts (loaded
/// and warm), the recovery of accepted requests, and finally new requests. Meanwhile, the HTTP server already answers health probes. If loading
/// fails, the process ends with exit code 1. It waits for a broker or database that is unreachable.
/// </summary>
internal sealed partial class PipelineStart(
    EnsembleWatcher ensembles,
    PipelineParts parts,
    AudioSupportLog audioSupport,
    Readiness readiness,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<PipelineStart> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Hosted services start one after the other, and the HTTP server must not wait for the models.
        await Task.Yield();
        try
        {
            var start = time.GetTimestamp();
            await StartPartsAsync(stoppingToken);
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

    private async Task StartPartsAsync(CancellationToken cancellationToken)
    {
        // The database opens while the ensembles are read. An error in their files ends the process, even if the database is unreachable.
        var store = Task.Run(() => parts.Store?.RunAsync(cancellationToken) ?? Task.CompletedTask, cancellationToken);
        audioSupport.Write();
        var loaded = ensembles.LoadInitial();
        await store;
        await (parts.Broker?.OpenAsync(cancellationToken) ?? Task.CompletedTask);
        await (parts.Reference?.SynchronizeAsync(cancellationToken) ?? Task.CompletedTask);
        await (parts.Clock?.ConnectAsync(cancellationToken) ?? Task.CompletedTask);
        var warmUp = Task.Run(() => parts.Gateway?.WarmUpAsync(loaded, cancellationToken) ?? Task.CompletedTask, cancellationToken);
        await (parts.Gateway?.ConnectAsync(cancellationToken) ?? Task.CompletedTask);
        await (parts.Combiner?.ConnectAsync(cancellationToken) ?? Task.CompletedTask);
        await (parts.Experts?.ConnectAsync(loaded, cancellationToken) ?? Task.CompletedTask);
        await warmUp;
        await (parts.Gateway?.OpenAsync(loaded, cancellationToken) ?? Task.CompletedTask);
        readiness.Open();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Ready after {Elapsed}.")]
    private partial void LogReady(TimeSpan elapsed);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The service cannot start: {Reason}")]
    private partial void LogFailed(Exception exception, string reason);
}
