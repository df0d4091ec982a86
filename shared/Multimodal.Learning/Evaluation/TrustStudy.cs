using Multimodal.Learning.Data;
using Multimodal.Learning.Fusion;
using Multimodal.Learning.Gating;
using Multimodal.Learning.Online;
using Multimodal.Learning.Selection;

namespace Multimodal.Learning.Evaluation;

/// <summary>
/// A deployed ensemble that asks in waves and learns trust in its experts from the label of every request, right after its answer.
/// </summary>
/// <param name="gate">Its experts are those of the recorded requests, in the same order.</param>
/// <param name="rule">Fuses the opinions.</param>
/// <param name="settings">How trust is learned; null for full trust in every expert at all times.</param>
public sealed class TrustStudy(IGate gate, IFusionRule rule, TrustSettings? settings)
{
    private readonly TrustSettings _settings = settings ?? new TrustSettings("fixed-share", "brier", Explore: 0);

    /// <summary>Answers a stream of requests.</summary>
    /// <param name="stream">The requests in order.</param>
    /// <param name="fault">A fault of one expert; null for none.</param>
    public TrustRun Run(RecordedSet stream, ExpertFault? fault = null)
    {
        string[] names = [.. stream.Experts.Select(expert => expert.Name)];
        var selector = new ExpertSelector(stream, gate, "waves");
        var waves = new WaveReplay(stream.Experts, selector.Modalities, rule, ExpectedGain.DefaultPrice);
        var state = ExpertTrust.Start(names, _settings.Learner, _settings.Loss, _settings.Settings);
        var correct = new bool[stream.Examples.Count];
        var trusts = new double[correct.Length][];
        var calls = 0;
        double explorationsDue = 0;
        foreach (var (n, recorded) in stream.Examples.Index())
        {
            var example = fault?.Apply(recorded, n) ?? recorded;
            var snapshot = new TrustSnapshot(state, _settings.Strength);
            double[] trust = [.. names.Select(snapshot.TrustOf)];
            trusts[n] = trust;
            explorationsDue += _settings.Explore;
            var explores = explorationsDue >= 1;
            explorationsDue -= explores ? 1 : 0;
            var selection = selector.Select(example.Features, example.HasOpinion(), null, new Steering { Trust = explores ? null : trust });
            var weights = waves.AskedWeights(example, selection, trust, explores);
            int[] asked = [.. Enumerable.Range(0, names.Length).Where(e => weights[e] > 0)];
            WeightedOpinion[] opinions =
            [
                .. asked.Select(e => new WeightedOpinion(names[e], weights[e], example.Opinions[e]!) { Trust = trust[e] }),
            ];
            calls += asked.Length;
            correct[n] = asked.Length > 0 && rule.Fuse(opinions, example.Features).Label == example.Label;
            state = settings is null ? state : snapshot.Learn(opinions, example.Label);
        }

        return new TrustRun { Correct = correct, Trust = trusts, ExpertsRun = (double)calls / Math.Max(1, correct.Length) };
    }
}
