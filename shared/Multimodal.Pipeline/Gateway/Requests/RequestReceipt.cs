namespace Multimodal.Pipeline.Gateway.Requests;

/// <summary>A request without a result yet.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Href">Where its result will be.</param>
internal sealed record RequestReceipt(Guid Id, RequestStatus Status, string Href);
