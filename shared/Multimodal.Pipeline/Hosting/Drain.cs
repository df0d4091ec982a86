using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Gateway.Admission;
using Multimodal.Pipeline.Messaging;

namespace Multimodal.Pipeline.Hosting;

/// <summary>
/// Shuts the process down in order: no new requests, then no more work from the shared queues, while everything that the work in progress
/// needs keeps running. Work that is unfinished when the drain time is over is left: the broker gives it to another process, or the next
/// start takes it from the request store.
/// </summary>
/// <remarks>
/// Hosted services stop in the reverse order of their registration. The web server is registered last, so waiting HTTP calls end first,
/// while the pipeline is whole; the queues in memory, or the link to the broker, are registered first, so they stop last.
/// </remarks>
internal sealed partial class Drain(
    IWorkChannel work, DrainToken drain, TransportOptions options, TimeProvider time, ILogger<Drain> logger, AdmissionControl? admission = null) : IHostedService
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        // In one process, accepted requests run through all queues. Among several, other processes finish what this one accepted.
        while (!options.IsShared && admission?.InFlight > 0 && !drain.IsOver)
        {
            await Task.Delay(PollInterval, time, CancellationToken.None);
        }

        var isDone = await work.StopCommandsAsync(drain.Token);
        var elapsed = drain.Elapsed;
        if (isDone && (options.IsShared || admission is not { InFlight: > 0 }))
        {
            LogDrained(elapsed);
        }
        else
        {
            LogUnfinished(elapsed);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Shutdown: all work in progress was finished after {Elapsed}.")]
    private partial void LogDrained(TimeSpan elapsed);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Shutdown: work is unfinished after {Elapsed}; other processes or the next start will finish it.")]
    private partial void LogUnfinished(TimeSpan elapsed);
}
