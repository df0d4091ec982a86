namespace Multimodal.Learning.Evaluation;

/// <summary>A selection bias and its effect on load and quality.</summary>
/// <param name="Bias">One entry per expert, in units of a logit.</param>
/// <param name="Shares">Share of each expert in all calls; the sum is 1.</param>
/// <param name="Accuracy">Share of correct answers among all requests, in [0, 1].</param>
/// <param name="Nll">Mean negative log-likelihood of the answered requests, in nats.</param>
public sealed record LoadPoint(IReadOnlyList<double> Bias, IReadOnlyList<double> Shares, double Accuracy, double Nll)
{
    /// <summary>The largest share.</summary>
    public double Busiest => Shares.Max();
}
