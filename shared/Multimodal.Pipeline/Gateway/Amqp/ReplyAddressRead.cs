using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Gateway.Http;

namespace Multimodal.Pipeline.Gateway.Amqp;

/// <summary>The reply address of a request message.</summary>
/// <param name="Reply">The address; null if the client wants no reply, or if the address is invalid.</param>
/// <param name="Problem">Why the address is invalid; null if it is not.</param>
internal readonly record struct ReplyAddressRead(ReplyAddress? Reply, Problem? Problem);
