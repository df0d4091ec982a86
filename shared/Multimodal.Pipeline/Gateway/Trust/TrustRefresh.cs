using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Multimodal.Pipeline.Core;

namespace Multimodal.Pipeline.Gateway.Trust;

/// <summary>Looks now and then for what other gateways have learned.</summary>
internal sealed partial class TrustRefresh(
    TrustBoard board, Readiness readiness, OnlineOptions options, TimeProvider time, ILogger<TrustRefresh> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await readiness.Opened.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.RefreshSeconds), time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await board.RefreshAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // The store may be back at the next tick; until then what is known acts.
                LogFailed(exception);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "What other gateways learned from feedback could not be read; it is tried again.")]
    private partial void LogFailed(Exception exception);
}
