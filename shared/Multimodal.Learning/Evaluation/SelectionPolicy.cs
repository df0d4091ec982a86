using Multimodal.Learning.Fusion;
using Multimodal.Learning.Gating;
using Multimodal.Learning.Selection;

namespace Multimodal.Learning.Evaluation;

/// <summary>How a replayed ensemble selects experts.</summary>
/// <param name="Gate">Its experts are those of the recorded set, in the same order.</param>
/// <param name="Strategy">A name in <see cref="SelectionStrategies"/>.</param>
public sealed record SelectionPolicy(IGate Gate, string Strategy = "waves")
{
    /// <summary>Maximum number of experts to select, at least 1; null for the strategy's own number.</summary>
    public int? K { get; init; }

    /// <summary>The minimum expected gain, in [0, 1], for which a strategy that asks in waves asks another expert.</summary>
    public double Price { get; init; } = ExpectedGain.DefaultPrice;

    /// <summary>Load, costs and trust; null for none.</summary>
    public Steering? Steering { get; init; }
}
