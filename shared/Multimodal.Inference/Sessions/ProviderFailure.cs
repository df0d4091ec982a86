namespace Multimodal.Inference.Sessions;

/// <summary>The reason why a GPU cannot be used.</summary>
/// <param name="IsAbsent">True if this build does not contain the provider; false if the provider or the model fails to load.</param>
/// <param name="Reason">What is missing, one sentence.</param>
internal sealed record ProviderFailure(bool IsAbsent, string Reason);
