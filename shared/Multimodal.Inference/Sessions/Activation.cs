namespace Multimodal.Inference.Sessions;

/// <summary>What an output tensor holds.</summary>
internal enum Activation
{
    /// <summary>Logits; softmax makes them probabilities.</summary>
    Logits,

    /// <summary>Probabilities that sum to one.</summary>
    Probabilities,

    /// <summary>Natural logs of probabilities.</summary>
    LogProbabilities,
}
