using Multimodal.Learning.Online;

namespace Multimodal.Pipeline.Gateway.Trust;

/// <summary>A stored state.</summary>
/// <param name="Revision">0 before anything was stored; each change has a higher one.</param>
/// <param name="State">What was learned.</param>
internal sealed record StoredTrust(long Revision, TrustState State);
