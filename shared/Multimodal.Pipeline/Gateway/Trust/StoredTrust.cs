using Multimodal.Learning.Online;

namespace Multimodal.Pipeline.Gateway.Trust;

/// <summary>A trust state and its revision.</summary>
/// <param name="Revision">0 before anything was stored; increases with each change.</param>
/// <param name="State">The trust state.</param>
internal sealed record StoredTrust(long Revision, TrustState State);
