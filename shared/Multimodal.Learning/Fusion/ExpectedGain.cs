using System.Numerics.Tensors;
using Multimodal.Learning.Numerics;

namespace Multimodal.Learning.Fusion;

/// <summary>
/// Estimates what asking one more expert gains (value of information, Howard 1966). An answer that is correct with probability c can gain
/// at most 1 - c. Asking expert e gains the share w_e of it: gain_e = (1 - c) w_e. The probability c must be calibrated, as that of the
/// learned rule is.
/// <para> Without training, w_e is the gate weight of e among the experts of its modality that have answered, g_e / (g_e + sum of their g),
/// and 1 if none of its modality has answered. With training, w_e = sigmoid(theta . a_e), with the signals a_e of <see cref="Signals"/> and
/// a theta that is fitted to the gains on recorded opinions.
/// </para>
/// </summary>
public sealed class ExpectedGain
{
    /// <summary>
    /// The minimum expected gain for which another expert is asked if neither the request nor the ensemble sets a price: five answers in a
    /// hundred corrected. The bundled ensemble sets its own (docs/decisions/0101).
    /// </summary>
    public const double DefaultPrice = 0.05;

    private const double SmallestError = AnswerUncertainty.MinErrorProbability;

    // Bounds the log odds of weights that underflow to 0.
    private const double MaxLogOdds = 8;

    private readonly double[]? _theta;

    private ExpectedGain(double[]? theta) => _theta = theta;

    /// <summary>Estimates by the gate's weights alone.</summary>
    public static ExpectedGain Untrained { get; } = new(null);

    /// <summary>
    /// The signals of a trained estimate, in order, all in [-1, 1]. one: 1. sibling: 1 if an expert of the same modality has answered, else
    /// 0. odds: in that case (ln g_e - ln sum g_s) / 8 over those that have answered, else 0. medium: in the other case (ln g_e - ln max g)
    /// / 8 over all experts, else 0. doubt: ln(1 - c) / ln 1e6, with 1 - c of at least 1e-6. rival: the share of 1 - c on the second label,
    /// p_2 / (1 - c).
    /// </summary>
    public static IReadOnlyList<string> Signals { get; } = ["one", "sibling", "odds", "medium", "doubt", "rival"];

    /// <summary>Estimates by trained weights.</summary>
    /// <param name="theta">One weight per signal; null for <see cref="Untrained"/>.</param>
    public static ExpectedGain From(IReadOnlyList<double>? theta) => theta is null ? Untrained : new ExpectedGain([.. theta]);

    /// <summary>The gate weight of an expert, in [0, 1], among itself and the experts of its modality that have answered.</summary>
    /// <param name="expert">Index of the expert.</param>
    /// <param name="experts">The experts of the request.</param>
    /// <returns>1 if no expert of its modality has answered; 0.5 if all weights have underflowed to 0.</returns>
    public static double ShareAmongSiblings(int expert, in ExpertStates experts) =>
        !HasAnsweredSibling(expert, experts, out var siblings) ? 1
            : experts.Weights[expert] + siblings > 0 ? experts.Weights[expert] / (experts.Weights[expert] + siblings) : 0.5;

    /// <summary>Finds the expert with the largest expected gain.</summary>
    /// <param name="answer">ln p per label of the answer so far, calibrated; empty if no expert has answered.</param>
    /// <param name="price">
    /// The minimum gain, in [0, 1], for which an expert is asked: 0 asks all, 1 asks none once there is an answer.
    /// </param>
    /// <param name="experts">The experts of the request.</param>
    /// <returns>
    /// Index of the expert; of equal gains the one with the larger weight, then the first. -1 if none reaches the price. Trust scales the
    /// gain only once there is an answer: without one, any opinion is better than none.
    /// </returns>
    public int Next(ReadOnlySpan<double> answer, double price, in ExpertStates experts)
    {
        var uncertainty = AnswerUncertainty.Of(answer);
        Span<double> signals = stackalloc double[Signals.Count];
        var best = -1;
        double largest = 0;
        for (var e = 0; e < experts.Weights.Length; e++)
        {
            if (!experts.Askable[e])
            {
                continue;
            }

            double share;
            if (_theta is null || answer.IsEmpty)
            {
                share = ShareAmongSiblings(e, experts);
            }
            else
            {
                WriteSignals(e, uncertainty, experts, signals);
                share = ShareOf(_theta, signals);
            }

            share *= experts.Trust.IsEmpty || answer.IsEmpty ? 1 : experts.Trust[e];
            if (best < 0 || share > largest || (share == largest && experts.Weights[e] > experts.Weights[best]))
            {
                (best, largest) = (e, share);
            }
        }

        return best >= 0 && uncertainty.ErrorProbability * largest >= price ? best : -1;
    }

    /// <summary>w = sigmoid(theta . a).</summary>
    internal static double ShareOf(ReadOnlySpan<double> theta, ReadOnlySpan<double> signals) =>
        Activation.Sigmoid(TensorPrimitives.Dot(theta, signals));

    /// <summary>Writes the signals of one expert.</summary>
    /// <param name="expert">Index of the expert.</param>
    /// <param name="uncertainty">Uncertainty of the answer so far.</param>
    /// <param name="experts">The experts of the request.</param>
    /// <param name="signals">As long as <see cref="Signals"/>; overwritten.</param>
    internal static void WriteSignals(int expert, AnswerUncertainty uncertainty, in ExpertStates experts, Span<double> signals)
    {
        var hasSibling = HasAnsweredSibling(expert, experts, out var siblings);
        var odds = LogOdds(experts.Weights[expert], hasSibling ? siblings : TensorPrimitives.Max(experts.Weights));
        signals[0] = 1;
        signals[1] = hasSibling ? 1 : 0;
        signals[2] = hasSibling ? odds : 0;
        signals[3] = hasSibling ? 0 : odds;
        signals[4] = Math.Log(Math.Max(uncertainty.ErrorProbability, SmallestError)) / -Math.Log(SmallestError);
        signals[5] = uncertainty.RunnerUpShare;
    }

    private static double LogOdds(double own, double other) =>
        own <= 0 && other <= 0 ? 0
            : own <= 0 ? -1
            : other <= 0 ? 1
            : Math.Clamp((Math.Log(own) - Math.Log(other)) / MaxLogOdds, -1, 1);

    private static bool HasAnsweredSibling(int expert, in ExpertStates experts, out double weights)
    {
        weights = 0;
        var any = false;
        for (var e = 0; e < experts.Weights.Length; e++)
        {
            if (e != expert && experts.Answered[e] && experts.Modalities[e] == experts.Modalities[expert])
            {
                weights += experts.Weights[e];
                any = true;
            }
        }

        return any;
    }
}
