using Multimodal.Learning.Fusion;
using Multimodal.Learning.Gating;
using Multimodal.Learning.Training;

namespace Multimodal.Learning.Evaluation;

/// <summary>Replays on recorded opinions how a combiner asks in waves when every expert answers.</summary>
internal sealed class Waves(IReadOnlyList<RecordedExpert> experts, int[] media, IFusionRule rule, double price)
{
    /// <summary>Clears the weights of those who would not have been asked.</summary>
    /// <param name="example">The opinions.</param>
    /// <param name="waves">When each is asked; only wave 0 counts, the order of the rest follows from what was said.</param>
    /// <param name="weights">The gate's, 0 for those that may not be asked.</param>
    /// <param name="trust">How far each opinion is believed; null for fully.</param>
    /// <param name="explores">Whether experts are asked as if all were believed.</param>
    public void Run(RecordedExample example, ReadOnlySpan<int> waves, Span<double> weights, double[]? trust = null, bool explores = false)
    {
        var spoken = new bool[weights.Length];
        var open = new bool[weights.Length];
        for (int e = 0; e < weights.Length; e++)
        {
            bool asked = weights[e] > 0 && example.Opinions[e] is not null;
            spoken[e] = asked && waves[e] == 0;
            open[e] = asked && waves[e] > 0;
        }

        int next;
        while ((next = ValueOfAsking.Next(
            Confidence(example, spoken, weights, trust), price, weights, media, spoken, open, explores ? null : trust)) >= 0)
        {
            (spoken[next], open[next]) = (true, false);
        }

        for (int e = 0; e < weights.Length; e++)
        {
            weights[e] = spoken[e] ? weights[e] : 0;
        }
    }

    private double Confidence(RecordedExample example, ReadOnlySpan<bool> spoken, ReadOnlySpan<double> weights, double[]? trust)
    {
        List<WeighedOpinion> opinions = [];
        for (int e = 0; e < spoken.Length; e++)
        {
            if (spoken[e])
            {
                opinions.Add(new WeighedOpinion(experts[e].Name, weights[e], example.Opinions[e]!) { Trust = trust?[e] ?? 1 });
            }
        }

        if (opinions.Count == 0)
        {
            return 0;
        }

        Fused fused = rule.Fuse(opinions, example.Features);
        return Math.Exp(fused.LogProbabilities[fused.Label]);
    }
}
