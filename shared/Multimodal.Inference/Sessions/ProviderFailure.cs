namespace Multimodal.Inference.Sessions;

/// <summary>Why a GPU cannot be used.</summary>
/// <param name="IsAbsent">True if this build has no support for it, false if it is there and fails.</param>
/// <param name="Reason">One sentence.</param>
internal sealed record ProviderFailure(bool IsAbsent, string Reason);
