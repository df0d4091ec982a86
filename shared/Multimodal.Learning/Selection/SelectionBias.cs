namespace Multimodal.Learning.Selection;

/// <summary>
/// Updates of the selection bias, which steers which experts are selected but not their weights: see <see cref="Candidates.Bias"/>
/// (DeepSeek-V3 2024, section 2.1.2; Wang et al. 2024, "Auxiliary-loss-free load balancing"). All functions are pure.
/// </summary>
public static class SelectionBias
{
    /// <summary>Step per update in the papers, in units of a logit.</summary>
    public const double Step = 1e-3;

    /// <summary>b_i + step sign(mean load - load_i): an expert with more than the mean load becomes less likely to be selected.</summary>
    /// <param name="bias">One entry per expert.</param>
    /// <param name="load">Load of each expert since the last update, in any unit.</param>
    /// <param name="step">Above 0, in units of a logit.</param>
    public static double[] Update(IReadOnlyList<double> bias, IReadOnlyList<double> load, double step = Step)
    {
        if (bias.Count != load.Count || load.Count == 0)
        {
            throw new ArgumentException($"There must be one load per bias, but there are {load.Count} for {bias.Count}.", nameof(load));
        }

        var mean = load.Average();
        return [.. bias.Select((b, i) => b + step * Math.Sign(mean - load[i]))];
    }

    /// <summary>
    /// Balances the waiting times within each modality, because only experts of one modality can replace each other. If one of them is
    /// busy, the bias becomes b_i + step sign(mean wait - wait_i), else b_i / 2 per interval, so that it decays after a peak.
    /// </summary>
    /// <param name="bias">One entry per expert.</param>
    /// <param name="waits">
    /// Time until each expert would answer, in milliseconds; NaN for one without a worker, whose bias becomes 0.
    /// </param>
    /// <param name="modalities">One number per expert; experts with the same number share a modality.</param>
    /// <param name="settings">Thresholds and step.</param>
    /// <param name="intervals">Heartbeat intervals since the last update, at least 1.</param>
    public static double[] UpdateByWait(
        IReadOnlyList<double> bias, IReadOnlyList<double> waits, IReadOnlyList<int> modalities, LoadBiasSettings settings,
        double intervals = 1)
    {
        if (bias.Count != waits.Count || bias.Count != modalities.Count)
        {
            throw new ArgumentException(
                $"There must be one wait and one modality per bias, but there are {waits.Count} and {modalities.Count} for {bias.Count}.",
                nameof(waits));
        }

        var next = new double[bias.Count];
        foreach (var siblings in Enumerable.Range(0, bias.Count).Where(i => !double.IsNaN(waits[i])).GroupBy(i => modalities[i]))
        {
            int[] experts = [.. siblings];
            var isBusy = experts.Length > 1 && experts.Any(i => waits[i] > settings.BusyMs);
            var moved = isBusy
                ? Update([.. experts.Select(i => bias[i])], [.. experts.Select(i => waits[i])], settings.Step)
                : [.. experts.Select(i => bias[i] * Math.Pow(0.5, intervals))];
            for (var i = 0; i < experts.Length; i++)
            {
                next[experts[i]] = Math.Clamp(moved[i], -settings.MaxBias, settings.MaxBias);
            }
        }

        return next;
    }
}
