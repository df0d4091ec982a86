using Multimodal.Learning.Numerics;

namespace Multimodal.Learning.Fusion;

/// <summary>
/// Whether one more opinion is worth asking for. An answer that is right with probability c can gain at most 1 - c; asking expert e gains
/// the share w_e of it: value_e = (1 - c) w_e. (Value of information, Howard 1966; c must be calibrated, which the learned rule is.)
/// <para>
/// Untrained, w_e is the gate's chance that e knows better than those of its medium who spoke, g_e / (g_e + sum of g_s over them), and 1 for
/// a medium nobody spoke for. Trained, w_e = sigmoid(theta . a_e): theta is what asking has brought on recorded opinions, and a_e the
/// six signals of <see cref="Signals"/>.
/// </para>
/// </summary>
public sealed class ValueOfAsking
{
    /// <summary>
    /// What an opinion must promise when neither request nor ensemble sets a price: five answers in a hundred put right. The bundled ensemble
    /// sets its own (docs/decisions/0101).
    /// </summary>
    public const double UsualPrice = 0.05;

    // A weight that underflowed is "hardly any"; -infinity would rule the score.
    private const double MostOdds = 8;
    private const double LeastDoubt = 1e-6;

    private readonly double[]? _theta;

    private ValueOfAsking(double[]? theta) => _theta = theta;

    /// <summary>Judges by the gate's weights alone.</summary>
    public static ValueOfAsking Untrained { get; } = new(null);

    /// <summary>
    /// What a trained value is made of, in order, all within [-1, 1]. sibling: 1 when one of e's medium spoke; odds: then
    /// (ln g_e - ln sum g_s) / 8 over those who spoke, else 0; medium: when none did, (ln g_e - ln max g) / 8 over everybody, else 0. doubt:
    /// ln(1 - c) / ln 1e6, 1 - c held above 1e-6. rival: how much of the doubt is on the second label, p_2 / (1 - c).
    /// </summary>
    public static IReadOnlyList<string> Signals { get; } = ["one", "sibling", "odds", "medium", "doubt", "rival"];

    /// <summary>Judges by what asking has brought.</summary>
    /// <param name="theta">A weight per signal; null for <see cref="Untrained"/>.</param>
    public static ValueOfAsking From(IReadOnlyList<double>? theta) => theta is null ? Untrained : new ValueOfAsking([.. theta]);

    /// <summary>The gate's chance in [0, 1] that an expert knows better than those of its medium who have spoken.</summary>
    /// <param name="expert">Position of the expert.</param>
    /// <param name="weights">The gate's weights, one per expert, not negative.</param>
    /// <param name="media">A number per expert, the same for experts of one medium.</param>
    /// <param name="spoken">Who has given an opinion.</param>
    public static double Chance(int expert, ReadOnlySpan<double> weights, ReadOnlySpan<int> media, ReadOnlySpan<bool> spoken)
    {
        // Weights that underflowed to zero on both sides say nothing about who is better.
        return !HasSpoken(expert, weights, media, spoken, out var siblings) ? 1
            : weights[expert] + siblings > 0 ? weights[expert] / (weights[expert] + siblings) : 0.5;
    }

    /// <summary>The expert whose opinion promises most, if it promises the price.</summary>
    /// <param name="answer">Calibrated natural-log probabilities of the answer so far; empty when nobody has spoken.</param>
    /// <param name="price">Least value worth asking for, in [0, 1]: 0 asks everybody, 1 nobody once somebody has spoken.</param>
    /// <param name="weights">The gate's weights, one per expert, not negative.</param>
    /// <param name="media">A number per expert, the same for experts of one medium.</param>
    /// <param name="spoken">Who has given an opinion.</param>
    /// <param name="open">Who could still be heard.</param>
    /// <param name="trust">
    /// How far each expert is believed, in [0, 1]; empty for fully. What is not believed gains nothing: value_e times t_e. While nobody has spoken
    /// it does not count: there is no answer to keep, and any opinion is better than none.
    /// </param>
    /// <returns>Position of the expert, the heavier and then the first among equals; -1 when nobody is worth it.</returns>
    public int Next(
        ReadOnlySpan<double> answer, double price, ReadOnlySpan<double> weights, ReadOnlySpan<int> media, ReadOnlySpan<bool> spoken, ReadOnlySpan<bool> open,
        ReadOnlySpan<double> trust = default)
    {
        Doubt(answer, out var doubt, out var rival);
        Span<double> signals = stackalloc double[Signals.Count];
        var best = -1;
        double most = 0;
        for (var i = 0; i < weights.Length; i++)
        {
            if (!open[i])
            {
                continue;
            }

            double chance;
            if (_theta is null || answer.IsEmpty)
            {
                chance = Chance(i, weights, media, spoken);
            }
            else
            {
                Write(i, doubt, rival, weights, media, spoken, signals);
                chance = ChanceOf(_theta, signals);
            }

            chance *= trust.IsEmpty || answer.IsEmpty ? 1 : trust[i];
            if (best < 0 || chance > most || (chance == most && weights[i] > weights[best]))
            {
                (best, most) = (i, chance);
            }
        }

        return best >= 0 && doubt * most >= price ? best : -1;
    }

    /// <summary>w = sigmoid(theta . a).</summary>
    internal static double ChanceOf(ReadOnlySpan<double> theta, ReadOnlySpan<double> signals) =>
        Activation.Sigmoid(System.Numerics.Tensors.TensorPrimitives.Dot(theta, signals));

    /// <summary>The room for gain 1 - c, and the share of it that is on the second label.</summary>
    internal static void Doubt(ReadOnlySpan<double> answer, out double doubt, out double rival)
    {
        double first = 0;
        double second = 0;
        foreach (var log in answer)
        {
            var p = Math.Min(1, Math.Exp(log));
            (first, second) = p > first ? (p, first) : (first, Math.Max(second, p));
        }

        doubt = 1 - first;
        rival = doubt > LeastDoubt ? Math.Min(1, second / doubt) : 1;
    }

    /// <summary>Writes the signals of one expert.</summary>
    internal static void Write(
        int expert, double doubt, double rival, ReadOnlySpan<double> weights, ReadOnlySpan<int> media, ReadOnlySpan<bool> spoken, Span<double> signals)
    {
        var sibling = HasSpoken(expert, weights, media, spoken, out var siblings);
        var odds = Odds(weights[expert], sibling ? siblings : System.Numerics.Tensors.TensorPrimitives.Max(weights));
        signals[0] = 1;
        signals[1] = sibling ? 1 : 0;
        signals[2] = sibling ? odds : 0;
        signals[3] = sibling ? 0 : odds;
        signals[4] = Math.Log(Math.Max(doubt, LeastDoubt)) / -Math.Log(LeastDoubt);
        signals[5] = rival;
    }

    private static double Odds(double own, double other) =>
        own <= 0 && other <= 0 ? 0 : own <= 0 ? -1 : other <= 0 ? 1 : Math.Clamp((Math.Log(own) - Math.Log(other)) / MostOdds, -1, 1);

    private static bool HasSpoken(int expert, ReadOnlySpan<double> weights, ReadOnlySpan<int> media, ReadOnlySpan<bool> spoken, out double siblings)
    {
        siblings = 0;
        var any = false;
        for (var i = 0; i < weights.Length; i++)
        {
            if (i != expert && spoken[i] && media[i] == media[expert])
            {
                siblings += weights[i];
                any = true;
            }
        }

        return any;
    }
}
