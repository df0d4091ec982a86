using Multimodal.Learning.Data;

namespace Multimodal.Learning.Online;

/// <summary>
/// A prediction before its feedback: all that an update needs besides the truth. Store it with the id of the request; feedback may then
/// arrive late and in any order.
/// </summary>
public sealed record OnlinePrediction
{
    /// <summary>Names of the experts, in the order of the other lists.</summary>
    public required IReadOnlyList<string> Experts { get; init; }

    /// <summary>How far each expert was awake, in [0, 1]: 0 if absent, skipped, late or without a usable opinion.</summary>
    public required IReadOnlyList<double> Awake { get; init; }

    /// <summary>Weight of each expert, at least 0, with sum 1: 0 if it was asleep; equal if all were.</summary>
    public required IReadOnlyList<double> Weights { get; init; }

    /// <summary>Opinion of each expert, ln p per label or one value; null for none.</summary>
    public required IReadOnlyList<IReadOnlyList<double>?> Opinions { get; init; }

    /// <summary>
    /// The combined answer: ln p per label of the linear pool, or the weighted mean of values; for <c>confusion</c>, its own distribution.
    /// Null if all experts were asleep.
    /// </summary>
    public required IReadOnlyList<double>? Answer { get; init; }

    /// <summary>Writes JSON that <see cref="FromJson"/> reads back exactly.</summary>
    public string ToJson() => StateJson.Write(this);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="FormatException">The text is not a prediction; the message names every mistake found.</exception>
    public static OnlinePrediction FromJson(string json) => StateJson.Read<OnlinePrediction>(json, prediction => prediction.Problems());

    private IEnumerable<string> Problems()
    {
        foreach (var problem in StateJson.CheckNames("experts", Experts)
            .Concat(StateJson.CheckNumbers("awake", Awake, Experts.Count))
            .Concat(StateJson.CheckNumbers("weights", Weights, Experts.Count)))
        {
            yield return problem;
        }

        if (Opinions.Count != Experts.Count || Awake.Any(a => a is not (>= 0 and <= 1)) || Weights.Any(w => w < 0))
        {
            yield return "There must be one opinion per expert, awake must be in [0, 1] and weights must be at least 0.";
        }

        if (Opinions.OfType<IReadOnlyList<double>>().Any(opinion => opinion.Any(v => !double.IsFinite(v))))
        {
            yield return "opinions must be finite numbers.";
        }
    }
}
