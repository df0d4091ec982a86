namespace Multimodal.Learning.Selection;

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

        var mean = load.Average();
        return [.. bias.Select((b, i) => b + step * Math.Sign(mean - load[i]))];
    }

    /// <summary>
    /// One step per beat of the clock for experts that answer requests: within each medium, b_i + step sign(mean wait - wait_i) while somebody
    /// there is busy, else b_i / 2, so that what a rush left behind is forgotten. Only siblings can stand in for each other, so only they are levelled.
    /// </summary>
    /// <param name="bias">The bias so far; not modified.</param>
    /// <param name="waits">What each would take to answer, in milliseconds; NaN for one that is not there, whose bias becomes 0.</param>
    /// <param name="media">A number per expert, the same for experts of one medium.</param>
    /// <param name="busy">The wait in milliseconds above which an expert is busy.</param>
    /// <param name="step">Above 0, in units of a logit.</param>
    /// <param name="most">No bias is larger, on either side.</param>
    /// <param name="beats">Beats since the last update, at least 1: a bias that nobody looked at for long is forgotten as if somebody had.</param>
    public static double[] Level(
        IReadOnlyList<double> bias, IReadOnlyList<double> waits, IReadOnlyList<int> media, double busy, double step, double most, double beats = 1)
    {
        if (bias.Count != waits.Count || bias.Count != media.Count)
        {
            throw new ArgumentException("There is one wait and one medium per bias.", nameof(waits));
        }

        var next = new double[bias.Count];
        foreach (var siblings in Enumerable.Range(0, bias.Count).Where(i => !double.IsNaN(waits[i])).GroupBy(i => media[i]))
        {
            int[] places = [.. siblings];
            var isBusy = places.Length > 1 && places.Any(i => waits[i] > busy);
            var moved = isBusy
                ? Update([.. places.Select(i => bias[i])], [.. places.Select(i => waits[i])], step)
                : [.. places.Select(i => bias[i] * Math.Pow(0.5, beats))];
            for (var place = 0; place < places.Length; place++)
            {
                next[places[place]] = Math.Clamp(moved[place], -most, most);
            }
        }

        return next;
    }

    /// <summary>b_i - price cost_i: an expert is chosen when it is worth its cost at this price (a Lagrange multiplier).</summary>
    public static double[] Priced(IReadOnlyList<double> bias, IReadOnlyList<double> costs, double price) =>
        bias.Count == costs.Count
            ? [.. bias.Select((b, i) => b - price * costs[i])]
            : throw new ArgumentException("There is one cost per bias.", nameof(costs));
}
