namespace Multimodal.Learning.Selection;

/// <summary>The experts that a strategy selects from. All spans hold one entry per expert, in the order of the gate's experts.</summary>
/// <param name="logits">The gate's logits; NaN and infinity are allowed.</param>
/// <param name="available">False for an expert that cannot be selected: absent modality, no worker, or not allowed.</param>
/// <param name="modalities">Experts with the same number share a modality; empty if all do.</param>
public readonly ref struct Candidates(ReadOnlySpan<double> logits, ReadOnlySpan<bool> available, ReadOnlySpan<int> modalities = default)
{
    /// <summary>The gate's logits.</summary>
    public ReadOnlySpan<double> Logits { get; } = logits;

    /// <summary>False for an expert that cannot be selected.</summary>
    public ReadOnlySpan<bool> Available { get; } = available;

    /// <summary>Experts with the same number share a modality; empty if all do.</summary>
    public ReadOnlySpan<int> Modalities { get; } = modalities;

    /// <summary>
    /// Added to the logits for selecting, never for weighting (DeepSeek-V3 2024, section 2.1.2), so load and cost can steer the selection
    /// without changing the weights; empty for none.
    /// </summary>
    public ReadOnlySpan<double> Bias { get; init; }

    /// <summary>True for an expert whose queue is at capacity; empty for none. Only <c>switch</c> uses it.</summary>
    public ReadOnlySpan<bool> Full { get; init; }

    /// <summary>
    /// Cost of asking each expert, at least 0, in the unit of <see cref="Budget"/>; empty for no costs. Only <c>budget</c> uses it.
    /// </summary>
    public ReadOnlySpan<double> Costs { get; init; }

    /// <summary>Maximum total cost of the selected experts.</summary>
    public double Budget { get; init; } = double.PositiveInfinity;

    /// <summary>Number of experts, including those that are not available.</summary>
    public int Count => Logits.Length;

    /// <summary>Number of available experts.</summary>
    public int AvailableCount => Available.Count(true);

    /// <summary>Whether two experts share a modality.</summary>
    public bool AreSiblings(int first, int second) => Modalities.IsEmpty || Modalities[first] == Modalities[second];

    /// <summary>Logit plus bias, finite. NaN becomes the smallest number, so every available expert can be selected.</summary>
    internal double SelectionScoreOf(int expert)
    {
        var bias = Bias.IsEmpty ? 0 : Bias[expert];
        return Finite(Finite(Logits[expert]) + (double.IsFinite(bias) ? bias : 0));
    }

    /// <summary>The logit, finite.</summary>
    internal double LogitOf(int expert) => Finite(Logits[expert]);

    private static double Finite(double value) =>
        double.IsNaN(value) ? double.MinValue : Math.Clamp(value, double.MinValue, double.MaxValue);

    /// <summary>Replaces names of modalities by numbers for <see cref="Modalities"/>.</summary>
    public static int[] NumberModalities(IEnumerable<string> modalities)
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        return [.. modalities.Select(name => numbers.TryGetValue(name, out var number) ? number : numbers[name] = numbers.Count)];
    }
}
