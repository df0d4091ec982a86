using Multimodal.Learning.Data;

namespace Multimodal.Learning.Online;

/// <summary>
/// What feedback has taught about each expert: a learner's state of two, the expert and <see cref="Uninformed"/>, who gives every label the
/// same chance (docs/learning.md). An immutable value, saved as JSON; whoever stores it decides by comparing what it replaced.
/// </summary>
public sealed record TrustState
{
    /// <summary>The second of each pair; no expert can be called so.</summary>
    public const string Uninformed = "(nobody)";

    /// <summary>The learner of every pair, for example <c>fixed-share</c>.</summary>
    public required string Learner { get; init; }

    /// <summary>The loss that feedback is judged by: <c>log</c> or <c>brier</c>.</summary>
    public required string Loss { get; init; }

    /// <summary>Feedbacks seen, whoever had spoken.</summary>
    public required long Feedbacks { get; init; }

    /// <summary>Per expert its pair; its feedbacks are those about its own opinions.</summary>
    public required IReadOnlyDictionary<string, OnlineState> Experts { get; init; }

    /// <summary>Writes JSON that <see cref="FromJson"/> reads back exactly.</summary>
    public string ToJson() => StateJson.Write(this);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="FormatException">The text is not such a state; the message names every mistake found.</exception>
    public static TrustState FromJson(string json) => StateJson.Read<TrustState>(json, state => state.Problems());

    private IEnumerable<string> Problems()
    {
        if (Feedbacks < 0 || Experts.Count == 0)
        {
            yield return "feedbacks is negative or there is no expert.";
        }

        if (!ExpertTrust.Losses.Contains(Loss, StringComparer.Ordinal))
        {
            yield return $"loss '{Loss}' is none of {string.Join(", ", ExpertTrust.Losses)}.";
        }

        foreach (var (expert, pair) in Experts)
        {
            if (!pair.Experts.SequenceEqual([expert, Uninformed], StringComparer.Ordinal) || pair.Learner != Learner || pair.Loss != Loss)
            {
                yield return $"experts.{expert} is no pair of '{expert}' and '{Uninformed}' of the same learner and loss.";
            }

            foreach (var problem in pair.Problems())
            {
                yield return $"experts.{expert}: {problem}";
            }
        }
    }
}
