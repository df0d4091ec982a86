namespace Multimodal.Pipeline.Gateway.Requests;

/// <summary>An accepted request without a result.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Status">Its status.</param>
/// <param name="Href">Where to read its result.</param>
internal sealed record RequestReceipt(Guid Id, RequestStatus Status, string Href);
