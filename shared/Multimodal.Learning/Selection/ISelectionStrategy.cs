namespace Multimodal.Learning.Selection;

/// <summary>Turns logits into the experts to run and their weights. One class per strategy, found by its name.</summary>
public interface ISelectionStrategy
{
    /// <summary>Stable name, for example <c>top-k</c>.</summary>
    string Name { get; }

    /// <summary>Chooses among the available experts; deterministic.</summary>
    /// <param name="candidates">Who could be chosen.</param>
    /// <param name="k">The most experts to choose, at least 1; null lets the strategy decide.</param>
    /// <param name="weights">
    /// On return: one weight per expert in [0, 1]; exactly 0 for experts not chosen and for masked ones; the sum is 1,
    /// or 0 when nothing is available.
    /// </param>
    /// <returns>The k that was in force.</returns>
    int Select(Candidates candidates, int? k, Span<double> weights);

    /// <summary>Whether those chosen are asked one after the other, and only while another opinion is worth its price.</summary>
    bool AsksInWaves => false;

    /// <summary>Says when each expert is asked; of use for those that were chosen.</summary>
    /// <param name="candidates">As given to <see cref="Select"/>.</param>
    /// <param name="weights">As written by <see cref="Select"/>.</param>
    /// <param name="waves">On return: 0 for at once, higher for later.</param>
    void Order(Candidates candidates, ReadOnlySpan<double> weights, Span<int> waves) => waves.Clear();
}
