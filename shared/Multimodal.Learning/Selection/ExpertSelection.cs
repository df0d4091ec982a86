namespace Multimodal.Learning.Selection;

/// <summary>Which experts run for one request, with which weights and in which order. Can be reused for the next request.</summary>
/// <param name="experts">Number of experts.</param>
public sealed class ExpertSelection(int experts)
{
    /// <summary>One weight per expert in [0, 1]: 0 for experts that do not run. The sum is 1, or 0 if no expert is available.</summary>
    public double[] Weights { get; } = new double[experts];

    /// <summary>When each selected expert is asked: 0 for at once, higher numbers for later.</summary>
    public int[] Waves { get; } = new int[experts];

    /// <summary>The k that the strategy applied, at least 1.</summary>
    public int K { get; internal set; }

    /// <summary>Whether an expert was selected.</summary>
    /// <param name="expert">Index of the expert.</param>
    public bool Contains(int expert) => Weights[expert] > 0;
}
