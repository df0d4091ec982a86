using Microsoft.Extensions.Hosting;
using Multimodal.Contracts.Events;
using Multimodal.Pipeline.Gateway.Admission;
using Multimodal.Pipeline.Gateway.Answers;
using Multimodal.Pipeline.Messaging.RabbitMq;

namespace Multimodal.Pipeline.Gateway;

/// <summary>
/// Sends the changed places of this gateway's waiting list to the other gateways, so that a refused request keeps its place at any of them. A lost
/// message delays a request, because its place then holds at one gateway only.
/// </summary>
internal sealed class PlaceSender(AdmissionControl admission, PlaceChannel channel, GatewayIdentity identity, TimeProvider time) : BackgroundService
{
    /// <summary>Shorter than the shortest Retry-After, so that every gateway knows a place before the client returns.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private const int MaxPlaces = 500;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            while (channel.IsOpen && admission.TakeChanges(MaxPlaces) is { Count: > 0 } places)
            {
                await SendAsync(places, stoppingToken);
            }
        }
    }

    private async Task SendAsync(IReadOnlyList<WaitingPlace> places, CancellationToken cancellationToken)
    {
        try
        {
            await channel.SendAsync(new WaitingPlaces { Gateway = identity.Instance, Places = places }, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && BrokerConnection.IsConnectionFailure(exception))
        {
            // The places still hold at this gateway.
        }
    }
}
