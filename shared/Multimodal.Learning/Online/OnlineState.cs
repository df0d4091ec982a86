using Multimodal.Learning.Data;

namespace Multimodal.Learning.Online;

/// <summary>
/// Everything an online learner knows; an immutable value. Learners make a new one from it and a feedback, so several combiners
/// can share one, and whoever stores it decides by comparing what it replaced.
/// </summary>
public sealed record OnlineState
{
    /// <summary>The learner it belongs to, for example <c>ml-poly</c>.</summary>
    public required string Learner { get; init; }

    /// <summary>The loss that feedback is judged by, for example <c>log</c>.</summary>
    public required string Loss { get; init; }

    /// <summary>Expert names; the order of the weights.</summary>
    public required IReadOnlyList<string> Experts { get; init; }

    /// <summary>What the learner was told.</summary>
    public required OnlineSettings Settings { get; init; }

    /// <summary>Feedbacks seen.</summary>
    public required long Feedbacks { get; init; }

    /// <summary>The learner's own numbers by name: one per expert, one in all, one per pair of experts, or one per expert and pair of labels.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<double>> Numbers { get; init; }

    /// <summary>Writes JSON that <see cref="FromJson"/> reads back exactly.</summary>
    public string ToJson() => StateJson.Write(this);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="FormatException">The text is not such a state; the message names every mistake found.</exception>
    public static OnlineState FromJson(string json) => StateJson.Read<OnlineState>(json, state => state.Problems());

    internal IEnumerable<string> Problems()
    {
        foreach (var problem in StateJson.CheckNames("experts", Experts).Concat(Settings.Problems()))
        {
            yield return problem;
        }

        if (Feedbacks < 0 || Experts.Count == 0)
        {
            yield return "feedbacks is negative or there is no expert.";
        }

        if (!OnlineLosses.Table.Contains(Loss))
        {
            yield return $"loss '{Loss}' is none of {string.Join(", ", OnlineLosses.Table.Names)}.";
        }

        if (!OnlineLearners.Table.Contains(Learner))
        {
            yield return $"learner '{Learner}' is none of {string.Join(", ", OnlineLearners.Table.Names)}.";
            yield break;
        }

        var method = OnlineLearners.Table[Learner].Method;
        if (!method.PoolsOpinions && Loss == "square")
        {
            yield return $"learner '{Learner}' learns from labels, not from values.";
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
