using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Gateway.Admission;
using Multimodal.Pipeline.Messaging;

namespace Multimodal.Pipeline.Hosting;

/// <summary>
/// Drains the process at shutdown: it stops accepting requests, then stops consuming commands and waits for those in progress. Work that is
/// unfinished after the drain time is abandoned: the broker redelivers it to another process, or the next start recovers it from the request
/// store.
/// </summary>
/// <remarks>
/// Hosted services stop in reverse order of registration. The web server is registered last, so HTTP calls end first, while the pipeline still
/// runs. The queues in memory, or the link to the broker, are registered first, so they stop last.
/// </remarks>
internal sealed partial class Drain(
    IWorkChannel work, DrainToken drain, TransportOptions options, TimeProvider time, ILogger<Drain> logger, AdmissionControl? admission = null) : IHostedService
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        // A single process must keep all queues running until its accepted requests are answered. With several, other processes answer them.
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

    [LoggerMessage(Level = LogLevel.Information, Message = "Shutdown: all work in progress finished after {Elapsed}.")]
    private partial void LogDrained(TimeSpan elapsed);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Shutdown: work is unfinished after {Elapsed}; other processes or the next start finish it.")]
    private partial void LogUnfinished(TimeSpan elapsed);
}
