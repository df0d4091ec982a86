namespace Multimodal.Inference.Sessions;

/// <summary>The meaning of the values in an output tensor.</summary>
internal enum Activation
{
    /// <summary>Logits; softmax turns them into probabilities.</summary>
    Logits,

    /// <summary>Probabilities that sum to 1.</summary>
    Probabilities,

    /// <summary>Natural logarithms of probabilities.</summary>
    LogProbabilities,
}
