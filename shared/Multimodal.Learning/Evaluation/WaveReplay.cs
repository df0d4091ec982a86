using Multimodal.Learning.Data;
using Multimodal.Learning.Fusion;
using Multimodal.Learning.Selection;

namespace Multimodal.Learning.Evaluation;

/// <summary>Replays on recorded opinions how a combiner asks in waves, if every expert answers before the next wave.</summary>
/// <param name="experts">The experts of the recorded set.</param>
/// <param name="modalities">One number per expert; experts with the same number share a modality.</param>
/// <param name="rule">Fuses the opinions.</param>
/// <param name="price">The minimum expected gain, in [0, 1], for which another expert is asked.</param>
/// <param name="gain">Estimates the gain of asking another expert.</param>
internal sealed class WaveReplay(
    IReadOnlyList<RecordedExpert> experts, IReadOnlyList<int> modalities, IFusionRule rule, double price, ExpectedGain gain)
{
    private readonly int[] _modalities = [.. modalities];

    /// <summary>Same, with the rule's own estimate of the gain.</summary>
    public WaveReplay(IReadOnlyList<RecordedExpert> experts, IReadOnlyList<int> modalities, IFusionRule rule, double price)
        : this(experts, modalities, rule, price, rule.ExpectedGain)
    {
    }

    /// <summary>The weights of a selection, with 0 for every expert that the combiner would not have asked.</summary>
    /// <param name="example">The request.</param>
    /// <param name="selection">Only wave 0 counts; the order of the other experts follows from the opinions.</param>
    /// <param name="trust">Trust in each expert, in [0, 1]; null for full trust.</param>
    /// <param name="explores">Whether experts are asked as if all had full trust.</param>
    public double[] AskedWeights(RecordedExample example, ExpertSelection selection, double[]? trust = null, bool explores = false)
    {
        var answered = AnsweredAfterEachWave(example, selection, trust, explores)[^1];
        return [.. selection.Weights.Select((weight, e) => answered[e] ? weight : 0)];
    }

    /// <summary>For each wave, which experts have answered after it.</summary>
    /// <param name="example">The request.</param>
    /// <param name="selection">Only wave 0 counts; the order of the other experts follows from the opinions.</param>
    /// <param name="trust">Trust in each expert, in [0, 1]; null for full trust.</param>
    /// <param name="explores">Whether experts are asked as if all had full trust.</param>
    public List<bool[]> AnsweredAfterEachWave(
        RecordedExample example, ExpertSelection selection, double[]? trust = null, bool explores = false)
    {
        var weights = selection.Weights;
        var answered = new bool[weights.Length];
        var askable = new bool[weights.Length];
        for (var e = 0; e < weights.Length; e++)
        {
            var selected = weights[e] > 0 && example.Opinions[e] is not null;
            answered[e] = selected && selection.Waves[e] == 0;
            askable[e] = selected && selection.Waves[e] > 0;
        }

        List<bool[]> waves = [[.. answered]];
        var states = new ExpertStates(weights, _modalities, answered) { Askable = askable, Trust = explores ? null : trust };
        int next;
        while ((next = gain.Next(Answer(example, answered, weights, trust), price, states)) >= 0)
        {
            (answered[next], askable[next]) = (true, false);
            waves.Add([.. answered]);
        }

        return waves;
    }

    /// <summary>ln p per label of the fused answer; empty if no expert has answered.</summary>
    /// <param name="example">The request.</param>
    /// <param name="answered">Which opinions are fused.</param>
    /// <param name="weights">One weight per expert.</param>
    /// <param name="trust">Trust in each expert, in [0, 1]; null for full trust.</param>
    public double[] Answer(RecordedExample example, ReadOnlySpan<bool> answered, ReadOnlySpan<double> weights, double[]? trust = null)
    {
        List<WeightedOpinion> opinions = [];
        for (var e = 0; e < answered.Length; e++)
        {
            if (answered[e])
            {
                opinions.Add(new WeightedOpinion(experts[e].Name, weights[e], example.Opinions[e]!) { Trust = trust?[e] ?? 1 });
            }
        }

        return opinions.Count == 0 ? [] : rule.Fuse(opinions, example.Features).LogProbabilities;
    }
}
