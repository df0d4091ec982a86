namespace Multimodal.Bench.LearningBench;

/// <summary>Forward and backward pass of one example through a network.</summary>
internal interface IExpertPass
{
    /// <summary>Writes one logit per label.</summary>
    /// <param name="parameters">Parameters of the network.</param>
    /// <param name="view">Standardised features.</param>
    /// <param name="dropout">Random source for dropout; null for no dropout.</param>
    /// <param name="logits">One element per label.</param>
    void Forward(ReadOnlySpan<float> parameters, ReadOnlySpan<float> view, Random? dropout, Span<double> logits);

    /// <summary>Adds dLoss/dParameters of the last forward pass, including its dropout.</summary>
    /// <param name="parameters">The parameters of that pass.</param>
    /// <param name="errors">dLoss/dLogit.</param>
    /// <param name="gradient">Same length as the parameters.</param>
    void Backward(ReadOnlySpan<float> parameters, ReadOnlySpan<double> errors, Span<float> gradient);
}
