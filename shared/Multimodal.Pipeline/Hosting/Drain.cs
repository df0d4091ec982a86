using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Gateway.Admission;
using Multimodal.Pipeline.Messaging;

namespace Multimodal.Pipeline.Hosting;

/// <summary>
/// Ends the process in order: no more requests, then no more work from the shared queues, while everything that the work in hand
/// still needs goes on. What is not finished at the bound is left: to the broker, which gives it to another process, or to the
/// request store, from which the next start takes it up.
/// </summary>
/// <remarks>
/// Hosted services stop in the reverse order of their registration. The web server is the last registered, so its clients' waiting
/// comes first, while the pipeline is whole; the queues in memory, or the link to the broker, are the first, so they stop at the end.
/// </remarks>
internal sealed partial class Drain : IHostedService, IDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);
    private readonly IWorkChannel _work;
    private readonly MultimodalOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<Drain> _logger;
    private readonly AdmissionControl? _admission;
    private readonly CancellationTokenSource _over;
    private readonly CancellationTokenRegistration _stopping;
    private long _began;

    public Drain(
        IHostApplicationLifetime lifetime,
        IWorkChannel work,
        Readiness readiness,
        MultimodalOptions options,
        TimeProvider time,
        ILogger<Drain> logger,
        AdmissionControl? admission = null)
    {
        (_work, _options, _time, _logger, _admission) = (work, options, time, logger, admission);
        _over = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        _stopping = lifetime.ApplicationStopping.Register(() =>
        {
            _began = time.GetTimestamp();
            readiness.Close();
            _over.CancelAfter(TimeSpan.FromSeconds(options.Hosting.DrainSeconds));
        });
    }

    /// <summary>Cancelled when the process has been asked to end and the bound has come: whoever waits gives up.</summary>
    public CancellationToken Over => _over.Token;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        // In one process the work in hand runs through all queues; among several, others carry on what this one accepted.
        while (!_options.Transport.IsShared && _admission?.InFlight > 0 && !_over.IsCancellationRequested)
        {
            await Task.Delay(Look, _time, CancellationToken.None);
        }

        var isDone = await _work.StopCommandsAsync(_over.Token);
        var elapsed = _time.GetElapsedTime(_began);
        if (isDone && (_options.Transport.IsShared || _admission is not { InFlight: > 0 }))
        {
            LogDrained(elapsed);
        }
        else
        {
            LogLeft(elapsed);
        }
    }

    public void Dispose()
    {
        _stopping.Dispose();
        _over.Dispose();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Everything in hand was finished {Elapsed} after the stop began.")]
    private partial void LogDrained(TimeSpan elapsed);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Elapsed} after the stop began something is unfinished; it is left to other processes or to the next start.")]
    private partial void LogLeft(TimeSpan elapsed);
}
