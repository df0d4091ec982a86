using Multimodal.Learning.Fusion;

namespace Multimodal.Learning.Selection;

/// <summary>
/// Selects experts by their logits and gives them weights. Stateless and deterministic. One class per strategy, found by name in
/// <see cref="SelectionStrategies"/>.
/// </summary>
public interface ISelectionStrategy
{
    /// <summary>Stable name, for example <c>top-k</c>.</summary>
    string Name { get; }

    /// <summary>Selects among the available experts.</summary>
    /// <param name="candidates">The experts.</param>
    /// <param name="k">Maximum number of experts to select, at least 1; null for the strategy's own number.</param>
    /// <param name="weights">
    /// Overwritten with one weight per expert in [0, 1]: exactly 0 for experts that are not selected. The sum is 1, or 0 if no expert is
    /// available.
    /// </param>
    /// <returns>The k that the strategy applied.</returns>
    int Select(Candidates candidates, int? k, Span<double> weights);

    /// <summary>
    /// Whether the selected experts are asked one after the other, as long as the <see cref="ExpectedGain"/> of the next one reaches the
    /// price.
    /// </summary>
    bool AsksInWaves => false;

    /// <summary>Computes when each selected expert is asked.</summary>
    /// <param name="candidates">The experts given to <see cref="Select"/>.</param>
    /// <param name="weights">The weights that <see cref="Select"/> wrote.</param>
    /// <param name="waves">Overwritten with one number per expert: 0 for at once, higher numbers for later.</param>
    void Order(Candidates candidates, ReadOnlySpan<double> weights, Span<int> waves) => waves.Clear();
}
