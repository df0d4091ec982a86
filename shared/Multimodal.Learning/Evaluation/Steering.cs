using Multimodal.Learning.Selection;

namespace Multimodal.Learning.Evaluation;

/// <summary>What steers a choice beside the gate, per expert in the order of the set; see <see cref="Candidates"/>.</summary>
/// <param name="Bias">Added to the logits when choosing; null for none.</param>
/// <param name="Costs">What asking costs; null for nothing.</param>
/// <param name="Budget">What may be spent on a request.</param>
/// <param name="Price">What another opinion must be worth, for a strategy that asks in waves; null for the usual.</param>
public sealed record Steering(
    double[]? Bias = null, double[]? Costs = null, double Budget = double.PositiveInfinity, double? Price = null);
