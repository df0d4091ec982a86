namespace Multimodal.Learning.Evaluation;

/// <summary>Where the bias stood and what came of it.</summary>
/// <param name="Bias">Per expert.</param>
/// <param name="Shares">Per expert its share of all calls.</param>
/// <param name="Accuracy">Share of all requests answered right.</param>
/// <param name="Nll">NLL of the answered.</param>
public sealed record LoadPoint(IReadOnlyList<double> Bias, IReadOnlyList<double> Shares, double Accuracy, double Nll)
{
    /// <summary>The largest share.</summary>
    public double Busiest => Shares.Max();
}
