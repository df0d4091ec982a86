namespace Multimodal.Learning.Selection;

/// <summary>The experts a strategy chooses among; all spans are in the order of the gate's experts.</summary>
/// <param name="logits">The gate's logits; the selection must survive NaN and infinity.</param>
/// <param name="available">False masks an expert: absent modality, no worker, not allowed.</param>
/// <param name="modalities">A number per expert, the same for experts that judge the same medium; empty when nobody cares.</param>
public readonly ref struct Candidates(ReadOnlySpan<double> logits, ReadOnlySpan<bool> available, ReadOnlySpan<int> modalities = default)
{
    /// <summary>One per expert.</summary>
    public ReadOnlySpan<double> Logits { get; } = logits;

    /// <summary>One per expert.</summary>
    public ReadOnlySpan<bool> Available { get; } = available;

    /// <summary>One per expert, or empty: then all judge the same medium.</summary>
    public ReadOnlySpan<int> Modalities { get; } = modalities;

    /// <summary>
    /// One per expert, or empty: added to the logits when choosing and never when weighing (DeepSeek-V3 2024, section 2.1.2), so load
    /// and cost can be steered without touching who is believed.
    /// </summary>
    public ReadOnlySpan<double> Bias { get; init; }

    /// <summary>One per expert, or empty: true when its queue is at capacity. Only <c>switch</c> looks.</summary>
    public ReadOnlySpan<bool> Full { get; init; }

    /// <summary>One per expert, not negative, or empty: what asking costs, in the unit of the budget. Only <c>budget</c> looks.</summary>
    public ReadOnlySpan<double> Costs { get; init; }

    /// <summary>What may be spent on this request.</summary>
    public double Budget { get; init; } = double.PositiveInfinity;

    /// <summary>Number of experts, masked ones included.</summary>
    public int Count => Logits.Length;

    /// <summary>Number of experts that can be chosen.</summary>
    public int AvailableCount => Available.Count(true);

    /// <summary>Whether two experts judge the same medium.</summary>
    public bool AreSiblings(int first, int second) => Modalities.IsEmpty || Modalities[first] == Modalities[second];

    /// <summary>What an expert is chosen by: its logit and its bias. NaN ranks last, so whoever is available stays choosable.</summary>
    internal double SelectionScoreOf(int expert)
    {
        var bias = Bias.IsEmpty ? 0 : Bias[expert];
        return Finite(Finite(Logits[expert]) + (double.IsFinite(bias) ? bias : 0));
    }

    /// <summary>What an expert is weighed by: its logit alone.</summary>
    internal double LogitOf(int expert) => Finite(Logits[expert]);

    private static double Finite(double value) =>
        double.IsNaN(value) ? double.MinValue : Math.Clamp(value, double.MinValue, double.MaxValue);

    /// <summary>Numbers names of modalities as <see cref="Modalities"/> wants them.</summary>
    public static int[] NumberModalities(IEnumerable<string> modalities)
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        return [.. modalities.Select(name => numbers.TryGetValue(name, out var number) ? number : numbers[name] = numbers.Count)];
    }
}
