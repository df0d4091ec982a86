using Multimodal.Contracts.Events;

namespace Multimodal.Pipeline.Gateway.Admission;

/// <summary>The place of one refused request in a <see cref="WaitingList"/>.</summary>
/// <param name="identity">The request and its client.</param>
/// <param name="since">When the request was refused first.</param>
internal sealed class Place(RequestIdentity identity, TimeSpan since)
{
    /// <summary>The request and its client.</summary>
    public RequestIdentity Identity => identity;

    /// <summary>When the request was refused first.</summary>
    public TimeSpan Since => since;

    /// <summary>The attempts that were refused at this gateway.</summary>
    public int Refusals { get; set; }

    /// <summary>When the client was told to return.</summary>
    public TimeSpan ReturnAt { get; set; }

    /// <summary>Whether it is expected to be the request's turn then. Otherwise its turn is too far away, and the client is told the maximum.</summary>
    public bool IsPromised { get; set; }

    /// <summary>Completed when it is the request's turn; null unless the client waits on its connection.</summary>
    public TaskCompletionSource? Turn { get; set; }

    /// <summary>The state.</summary>
    public PlaceState State { get; set; }

    /// <summary>The message that tells other gateways about this place.</summary>
    public WaitingPlace Describe(TimeSpan now) => new()
    {
        Request = Identity.Request.ToString(),
        Client = Identity.Client.ToString(),
        WaitedMs = (long)(now - Since).TotalMilliseconds,
        ReturnsInMs = (long)(ReturnAt - now).TotalMilliseconds,
        IsPromised = IsPromised,
    };

    /// <summary>The message that tells other gateways that a request's place has ended.</summary>
    public static WaitingPlace DescribeEnd(PlaceKey request) => new() { Request = request.ToString(), Client = request.ToString() };
}
