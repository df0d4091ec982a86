using Multimodal.Learning.Data;

namespace Multimodal.Learning.Online;

/// <summary>
/// What was known and answered before the truth: the only thing, beside the truth, that a feedback needs. It is stored under the
/// request's id, so that feedback may come late and in any order.
/// </summary>
public sealed record OnlinePrediction
{
    /// <summary>Expert names; the order of the rest.</summary>
    public required IReadOnlyList<string> Experts { get; init; }

    /// <summary>Per expert how much it was awake, in [0, 1]: 0 when absent, skipped, late or without a usable opinion.</summary>
    public required IReadOnlyList<double> Awake { get; init; }

    /// <summary>Per expert its weight; not negative, sum 1; 0 for who was asleep, but uniform when all were.</summary>
    public required IReadOnlyList<double> Weights { get; init; }

    /// <summary>Per expert its opinion (natural-log probabilities, or one value), null when it gave none.</summary>
    public required IReadOnlyList<IReadOnlyList<double>?> Opinions { get; init; }

    /// <summary>The opinions combined by the weights: ln of the linear pool, or the weighted mean; null when all were asleep. Of <c>confusion</c> what the calls mean together, which is no pool.</summary>
    public required IReadOnlyList<double>? Answer { get; init; }

    /// <summary>Writes JSON that <see cref="FromJson"/> reads back exactly.</summary>
    public string ToJson() => StateJson.Write(this);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="FormatException">The text is not such a prediction; the message names every mistake found.</exception>
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
            yield return "awake, weights or opinions do not fit the experts.";
        }

        if (Opinions.OfType<IReadOnlyList<double>>().Any(opinion => opinion.Any(v => !double.IsFinite(v))))
        {
            yield return "opinions hold a number that is not finite.";
        }
    }
}
