using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Multimodal.Contracts.Values;
using Multimodal.Inference.Audio.Decoding;
using Multimodal.Pipeline.Combiner;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Ensembles;
using Multimodal.Pipeline.Experts;
using Multimodal.Pipeline.Gateway;
using Multimodal.Pipeline.Gateway.Store;
using Multimodal.Pipeline.Messaging.RabbitMq;

namespace Multimodal.Pipeline.Hosting;

/// <summary>
/// Brings the process up from its end to its beginning, so that nothing is sent to where nobody listens: results, combiner,
/// experts (loaded and warm), then what an earlier process left, and only then new requests; of these, what the process is for. The
/// HTTP server runs meanwhile and answers the probes. A failure to load ends the process with exit code 1; a broker or a database
/// that is not there yet is waited for.
/// </summary>
internal sealed partial class PipelineStart(
    IEnsembleSource source,
    EnsembleCatalog ensembles,
    EnsembleWatch watch,
    Readiness readiness,
    ServiceRoles roles,
    MultimodalOptions options,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<PipelineStart> logger,
    BrokerLink? broker = null,
    RequestDatabase? database = null,
    GatewayRole? gateway = null,
    CombinerRole? combiner = null,
    ExpertRole? experts = null) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Hosted services start one after the other; the server must not wait for the models.
        await Task.Yield();
        try
        {
            var start = time.GetTimestamp();
            await BringUpAsync(stoppingToken);
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
        if (roles.IsGateway || roles.Serves(Modality.Audio))
        {
            LogSound(AudioSupport.Detect(options.Inference.Media));
        }

        watch.Start();
        ensembles.Fill(source.LoadEnsembles());
        await (database?.MigrateAsync(cancellationToken) ?? Task.CompletedTask);
        await (broker?.OpenAsync(cancellationToken) ?? Task.CompletedTask);
        await (gateway?.ConnectAsync(cancellationToken) ?? Task.CompletedTask);
        await (combiner?.ConnectAsync(cancellationToken) ?? Task.CompletedTask);
        await (experts?.ConnectAsync(ensembles.All, cancellationToken) ?? Task.CompletedTask);
        await (gateway?.OpenAsync(ensembles.All, cancellationToken) ?? Task.CompletedTask);
        readiness.Open();
    }

    private void LogSound(AudioSupport sound)
    {
        if (sound.UnsupportedFormats is null)
        {
            LogSound(sound.Decoder, sound.Formats);
        }
        else
        {
            LogSoundInPart(sound.Decoder, sound.Formats, sound.UnsupportedFormats, sound.Remedy ?? "");
        }
    }

    [LoggerMessage(EventName = "Sound", Level = LogLevel.Information, Message = "Sound is decoded by {Decoder}, which reads {Formats}.")]
    private partial void LogSound(string decoder, string formats);

    [LoggerMessage(
        EventName = "SoundInPart",
        Level = LogLevel.Information,
        Message = "Sound is decoded by {Decoder}, which reads {Formats}. Requests with other sound are refused: {Unread}. {Remedy}")]
    private partial void LogSoundInPart(string decoder, string formats, string unread, string remedy);

    [LoggerMessage(Level = LogLevel.Information, Message = "Ready after {Elapsed}.")]
    private partial void LogReady(TimeSpan elapsed);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The service cannot start: {Reason}")]
    private partial void LogFailed(Exception exception, string reason);
}
