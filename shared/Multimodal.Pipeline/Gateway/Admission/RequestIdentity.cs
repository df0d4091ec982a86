namespace Multimodal.Pipeline.Gateway.Admission;

/// <summary>Identifies a request that asks for a slot, and its client.</summary>
/// <param name="Request">Identifies the request, so that its next attempt is recognized.</param>
/// <param name="Client">Identifies the client. Clients take turns.</param>
internal readonly record struct RequestIdentity(PlaceKey Request, PlaceKey Client);
