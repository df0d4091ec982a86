using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Ensembles;

namespace Multimodal.Pipeline.Hosting;

/// <summary>
/// Starts the process from the end of the pipeline to its beginning, so that nothing is sent to a part that does not listen yet: results, combiner,
/// experts (loaded and warm), recovery of accepted requests, and last new requests. The HTTP server runs meanwhile and answers the
/// probes. If loading fails, the process ends with exit code 1; a broker or a database that is away is waited for.
/// </summary>
internal sealed partial class PipelineStart(
    EnsembleWatch ensembles,
    PipelineParts parts,
    SoundLog sound,
    Readiness readiness,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<PipelineStart> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Hosted services start one after the other, and the server must not wait for the models.
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
        sound.Write();
        var loaded = ensembles.LoadFirst();
        await (parts.Database?.MigrateAsync(cancellationToken) ?? Task.CompletedTask);
        await (parts.Broker?.OpenAsync(cancellationToken) ?? Task.CompletedTask);
        await (parts.Gateway?.ConnectAsync(cancellationToken) ?? Task.CompletedTask);
        await (parts.Combiner?.ConnectAsync(cancellationToken) ?? Task.CompletedTask);
        await (parts.Experts?.ConnectAsync(loaded, cancellationToken) ?? Task.CompletedTask);
        await (parts.Gateway?.OpenAsync(loaded, cancellationToken) ?? Task.CompletedTask);
        readiness.Open();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Ready after {Elapsed}.")]
    private partial void LogReady(TimeSpan elapsed);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The service cannot start: {Reason}")]
    private partial void LogFailed(Exception exception, string reason);
}
