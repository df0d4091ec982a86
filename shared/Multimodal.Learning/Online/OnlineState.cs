using Multimodal.Learning.Data;

namespace Multimodal.Learning.Online;

/// <summary>
/// The state of an online learner, immutable. A feedback gives a new state, so several processes can share a stored one with optimistic
/// concurrency.
/// </summary>
public sealed record OnlineState
{
    /// <summary>Name of the learner, for example <c>ml-poly</c>.</summary>
    public required string Learner { get; init; }

    /// <summary>Name of the loss, for example <c>log</c>.</summary>
    public required string Loss { get; init; }

    /// <summary>Names of the experts, in the order of the weights.</summary>
    public required IReadOnlyList<string> Experts { get; init; }

    /// <summary>Settings of the learner.</summary>
    public required OnlineSettings Settings { get; init; }

    /// <summary>Number of feedbacks so far.</summary>
    public required long Feedbacks { get; init; }

    /// <summary>The learner's numbers by name. The learner determines how many there are of each.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<double>> Numbers { get; init; }

    /// <summary>Writes JSON that <see cref="FromJson"/> reads back exactly.</summary>
    public string ToJson() => StateJson.Write(this);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="FormatException">The text is not a state; the message names every mistake found.</exception>
    public static OnlineState FromJson(string json) => StateJson.Read<OnlineState>(json, state => state.Problems());

    internal IEnumerable<string> Problems()
    {
        foreach (var problem in StateJson.CheckNames("experts", Experts).Concat(Settings.Problems()))
        {
            yield return problem;
        }

        if (Feedbacks < 0 || Experts.Count == 0)
        {
            yield return "feedbacks must be at least 0, and there must be an expert.";
        }

        if (!OnlineLosses.Table.Contains(Loss))
        {
            yield return $"loss '{Loss}' is unknown; it must be one of {string.Join(", ", OnlineLosses.Table.Names)}.";
        }

        if (!OnlineLearners.Table.Contains(Learner))
        {
            yield return $"learner '{Learner}' is unknown; it must be one of {string.Join(", ", OnlineLearners.Table.Names)}.";
            yield break;
        }

        var method = OnlineLearners.Table[Learner].Method;
        if (!method.PoolsOpinions && Loss == "square")
        {
            yield return $"learner '{Learner}' needs labels; it does not support the loss square.";
        }

        foreach (var (name, start) in method.Start(Experts.Count))
        {
            var found = Numbers.GetValueOrDefault(name) ?? [];
            var length = method.IsValidLength(name, found.Count, Experts.Count, this) ? found.Count : start.Length;
            foreach (var problem in StateJson.CheckNumbers($"numbers.{name}", found, length))
            {
                yield return problem;
            }
        }
    }
}
