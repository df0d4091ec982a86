namespace Multimodal.Pipeline.Gateway.Admission;

/// <summary>Who asks for a slot.</summary>
/// <param name="Request">Identifies the request, so that its next attempt is recognised.</param>
/// <param name="Client">Identifies the client. Clients take turns.</param>
internal readonly record struct Visitor(PlaceKey Request, PlaceKey Client);
