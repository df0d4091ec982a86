namespace Multimodal.Bench.LearningBench;

/// <summary>One example forward and backward through a network.</summary>
internal interface IExpertPass
{
    /// <summary>Writes one logit per label.</summary>
    /// <param name="parameters">Of the network.</param>
    /// <param name="view">Standardised features.</param>
    /// <param name="dropout">Draws which units to drop; null to drop none.</param>
    /// <param name="logits">One place per label.</param>
    void Forward(ReadOnlySpan<float> parameters, ReadOnlySpan<float> view, Random? dropout, Span<double> logits);

    /// <summary>Adds dLoss/dParameters of the view last sent forward, with units dropped.</summary>
    /// <param name="parameters">As they were then.</param>
    /// <param name="errors">dLoss/dLogit.</param>
    /// <param name="gradient">As long as the parameters.</param>
    void Backward(ReadOnlySpan<float> parameters, ReadOnlySpan<double> errors, Span<float> gradient);
}
