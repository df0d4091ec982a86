namespace Multimodal.Learning.Gating;

/// <summary>
/// Steers whom a strategy chooses, never how much it is believed: the number goes into <see cref="Candidates.Bias"/> (DeepSeek-V3 2024,
/// section 2.1.2; Wang et al. 2024, "Auxiliary-loss-free load balancing").
/// </summary>
public static class SelectionBias
{
    /// <summary>The step of the papers, per update.</summary>
    public const double Step = 1e-3;

    /// <summary>b_i + step sign(mean load - load_i): who was asked more than the mean becomes a little less likely to be.</summary>
    /// <param name="bias">The bias so far; not modified.</param>
    /// <param name="load">What each expert did since the last update, in any unit.</param>
    /// <param name="step">Above 0, in units of a logit.</param>
    public static double[] Update(IReadOnlyList<double> bias, IReadOnlyList<double> load, double step = Step)
    {
        if (bias.Count != load.Count || load.Count == 0)
        {
            throw new ArgumentException("There is one load per bias.", nameof(load));
        }

        double mean = load.Average();
        return [.. bias.Select((b, i) => b + step * Math.Sign(mean - load[i]))];
    }

    /// <summary>b_i - price cost_i: an expert is chosen when it is worth its cost at this price (a Lagrange multiplier).</summary>
    public static double[] Priced(IReadOnlyList<double> bias, IReadOnlyList<double> costs, double price) =>
        bias.Count == costs.Count
            ? [.. bias.Select((b, i) => b - price * costs[i])]
            : throw new ArgumentException("There is one cost per bias.", nameof(costs));
}
