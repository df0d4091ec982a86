using Multimodal.Contracts.Versions;

namespace Multimodal.Contracts.Events;

/// <summary>Places of refused requests that changed, sent by a gateway to the other gateways.</summary>
public sealed record WaitingPlaces : VersionedMessage
{
    /// <summary>The gateway process that sends it.</summary>
    public required Guid Gateway { get; init; }

    /// <summary>The places.</summary>
    public required IReadOnlyList<WaitingPlace> Places { get; init; }
}
