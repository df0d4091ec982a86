namespace Multimodal.Learning.Gating;

/// <summary>
/// Whether one more opinion is worth asking for. An answer that is right with probability c can gain at most 1 - c; an expert gains it
/// only where it knows better than those of its medium who spoke already, and the gate holds the chance of that:
/// value_e = (1 - c) w_e, with w_e = g_e / (g_e + sum of g_s over the siblings s that spoke), which is 1 for a medium nobody spoke for.
/// (Value of information, Howard 1966, with the gate's weights as the chances; c must be calibrated, which the learned rule is.)
/// </summary>
public static class ValueOfAsking
{
    /// <summary>
    /// What an opinion must promise when nobody sets another price: five answers in a hundred put right. Chosen on the bundled ensemble's
    /// dev set (docs/learning.md).
    /// </summary>
    public const double UsualPrice = 0.05;

    /// <summary>The chance w_e in [0, 1] that an expert knows better than those of its medium who have spoken.</summary>
    /// <param name="expert">Position of the expert.</param>
    /// <param name="weights">The gate's weights, one per expert, not negative.</param>
    /// <param name="media">A number per expert, the same for experts of one medium.</param>
    /// <param name="spoken">Who has given an opinion.</param>
    public static double Chance(int expert, ReadOnlySpan<double> weights, ReadOnlySpan<int> media, ReadOnlySpan<bool> spoken)
    {
        double siblings = 0;
        bool any = false;
        for (int i = 0; i < weights.Length; i++)
        {
            if (i != expert && spoken[i] && media[i] == media[expert])
            {
                siblings += weights[i];
                any = true;
            }
        }

        // Weights that underflowed to zero on both sides say nothing about who is better.
        return !any ? 1 : weights[expert] + siblings > 0 ? weights[expert] / (weights[expert] + siblings) : 0.5;
    }

    /// <summary>The expert whose opinion promises most, if it promises the price.</summary>
    /// <param name="confidence">Calibrated probability in [0, 1] that the answer so far is right; 0 without any opinion.</param>
    /// <param name="price">Least value worth asking for, in [0, 1]: 0 asks everybody, 1 nobody once somebody has spoken.</param>
    /// <param name="weights">The gate's weights, one per expert, not negative.</param>
    /// <param name="media">A number per expert, the same for experts of one medium.</param>
    /// <param name="spoken">Who has given an opinion.</param>
    /// <param name="open">Who could still be heard.</param>
    /// <param name="trust">How far each expert is believed, in [0, 1]; empty for fully. What is not believed gains nothing: value_e times t_e.</param>
    /// <returns>Position of the expert, the heavier and then the first among equals; -1 when nobody is worth it.</returns>
    public static int Next(
        double confidence, double price, ReadOnlySpan<double> weights, ReadOnlySpan<int> media, ReadOnlySpan<bool> spoken, ReadOnlySpan<bool> open,
        ReadOnlySpan<double> trust = default)
    {
        int best = -1;
        double most = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            if (open[i])
            {
                double chance = Chance(i, weights, media, spoken) * (trust.IsEmpty ? 1 : trust[i]);
                if (best < 0 || chance > most || (chance == most && weights[i] > weights[best]))
                {
                    (best, most) = (i, chance);
                }
            }
        }

        return best >= 0 && (1 - confidence) * most >= price ? best : -1;
    }
}
