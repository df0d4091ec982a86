namespace Multimodal.Learning.Gating;

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

    /// <summary>Number of experts, masked ones included.</summary>
    public int Count => Logits.Length;

    /// <summary>Number of experts that can be chosen.</summary>
    public int AvailableCount => Available.Count(true);

    /// <summary>Whether two experts judge the same medium.</summary>
    public bool AreSiblings(int first, int second) => Modalities.IsEmpty || Modalities[first] == Modalities[second];

    /// <summary>Numbers names of modalities as <see cref="Modalities"/> wants them.</summary>
    public static int[] Number(IEnumerable<string> modalities)
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        return [.. modalities.Select(name => numbers.TryGetValue(name, out int number) ? number : numbers[name] = numbers.Count)];
    }
}
