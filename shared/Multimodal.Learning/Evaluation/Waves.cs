using Multimodal.Learning.Data;
using Multimodal.Learning.Fusion;

namespace Multimodal.Learning.Evaluation;

/// <summary>Replays on recorded opinions how a combiner asks in waves when every expert answers.</summary>
internal sealed class Waves(IReadOnlyList<RecordedExpert> experts, int[] media, IFusionRule rule, double price, ValueOfAsking value)
{
    /// <summary>As the rule itself values another opinion.</summary>
    public Waves(IReadOnlyList<RecordedExpert> experts, int[] media, IFusionRule rule, double price)
        : this(experts, media, rule, price, rule.Asking)
    {
    }

    /// <summary>Clears the weights of those who would not have been asked.</summary>
    /// <param name="example">The opinions.</param>
    /// <param name="waves">When each is asked; only wave 0 counts, the order of the rest follows from what was said.</param>
    /// <param name="weights">The gate's, 0 for those that may not be asked.</param>
    /// <param name="trust">How far each opinion is believed; null for fully.</param>
    /// <param name="explores">Whether experts are asked as if all were believed.</param>
    public void Run(RecordedExample example, ReadOnlySpan<int> waves, Span<double> weights, double[]? trust = null, bool explores = false)
    {
        var spoken = Pauses(example, waves, weights, trust, explores)[^1];
        for (var e = 0; e < weights.Length; e++)
        {
            weights[e] = spoken[e] ? weights[e] : 0;
        }
    }

    /// <summary>Who has spoken after each wave.</summary>
    public List<bool[]> Pauses(
        RecordedExample example, ReadOnlySpan<int> waves, ReadOnlySpan<double> weights, double[]? trust = null, bool explores = false)
    {
        var spoken = new bool[weights.Length];
        var open = new bool[weights.Length];
        for (var e = 0; e < weights.Length; e++)
        {
            var asked = weights[e] > 0 && example.Opinions[e] is not null;
            spoken[e] = asked && waves[e] == 0;
            open[e] = asked && waves[e] > 0;
        }

        List<bool[]> pauses = [[.. spoken]];
        int next;
        while ((next = value.Next(Answer(example, spoken, weights, trust), price, weights, media, spoken, open, explores ? null : trust)) >= 0)
        {
            (spoken[next], open[next]) = (true, false);
            pauses.Add([.. spoken]);
        }

        return pauses;
    }

    /// <summary>The fused natural-log probabilities of those who spoke; empty when nobody did.</summary>
    public double[] Answer(RecordedExample example, ReadOnlySpan<bool> spoken, ReadOnlySpan<double> weights, double[]? trust = null)
    {
        List<WeighedOpinion> opinions = [];
        for (var e = 0; e < spoken.Length; e++)
        {
            if (spoken[e])
            {
                opinions.Add(new WeighedOpinion(experts[e].Name, weights[e], example.Opinions[e]!) { Trust = trust?[e] ?? 1 });
            }
        }

        return opinions.Count == 0 ? [] : rule.Fuse(opinions, example.Features).LogProbabilities;
    }
}
