using Multimodal.Learning.Data;

namespace Multimodal.Learning.Online;

/// <summary>
/// The trust state learned from feedback, immutable. It has, for each expert, the state of a learner with two forecasters: the expert and
/// <see cref="Uninformed"/> (docs/learning.md). It is stored as JSON with optimistic concurrency.
/// </summary>
public sealed record TrustState
{
    /// <summary>
    /// Name of the second forecaster of each pair, which gives every label the same probability. Stored states contain it, so it must not change.
    /// Names of experts cannot contain parentheses.
    /// </summary>
    public const string Uninformed = "(nobody)";

    /// <summary>Name of the learner of every pair, for example <c>fixed-share</c>.</summary>
    public required string Learner { get; init; }

    /// <summary>Name of the loss: <c>log</c> or <c>brier</c>.</summary>
    public required string Loss { get; init; }

    /// <summary>Number of feedbacks so far, about any expert.</summary>
    public required long Feedbacks { get; init; }

    /// <summary>The pair of each expert. Its feedbacks are those about opinions of the expert.</summary>
    public required IReadOnlyDictionary<string, OnlineState> Experts { get; init; }

    /// <summary>Writes JSON that <see cref="FromJson"/> reads back exactly.</summary>
    public string ToJson() => StateJson.Write(this);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="FormatException">The text is not a state; the message names every mistake found.</exception>
    public static TrustState FromJson(string json) => StateJson.Read<TrustState>(json, state => state.Problems());

    private IEnumerable<string> Problems()
    {
        if (Feedbacks < 0 || Experts.Count == 0)
        {
            yield return "feedbacks must be at least 0, and there must be an expert.";
        }

        if (!ExpertTrust.Losses.Contains(Loss, StringComparer.Ordinal))
        {
            yield return $"loss '{Loss}' is not supported; it must be one of {string.Join(", ", ExpertTrust.Losses)}.";
        }

        foreach (var (expert, pair) in Experts)
        {
            if (!pair.Experts.SequenceEqual([expert, Uninformed], StringComparer.Ordinal) || pair.Learner != Learner || pair.Loss != Loss)
            {
                yield return $"experts.{expert} must be a pair of '{expert}' and '{Uninformed}' with the learner and loss of the state.";
            }

            foreach (var problem in pair.Problems())
            {
                yield return $"experts.{expert}: {problem}";
            }
        }
    }
}
