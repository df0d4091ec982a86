namespace Multimodal.Contracts.Events;

/// <summary>The place of a refused request in the waiting list of a gateway.</summary>
public sealed record WaitingPlace
{
    /// <summary>Hash that identifies the request: 32 hexadecimal digits.</summary>
    public required string Request { get; init; }

    /// <summary>Hash that identifies the client: 32 hexadecimal digits.</summary>
    public required string Client { get; init; }

    /// <summary>Milliseconds since the first refusal.</summary>
    public long WaitedMs { get; init; }

    /// <summary>Milliseconds until the client was told to return; null if the request was accepted or needs its place no more.</summary>
    public long? ReturnsInMs { get; init; }

    /// <summary>Whether it is expected to be the request's turn then.</summary>
    public bool IsPromised { get; init; }
}
