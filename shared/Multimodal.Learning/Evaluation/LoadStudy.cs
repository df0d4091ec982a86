using Multimodal.Learning.Data;
using Multimodal.Learning.Fusion;
using Multimodal.Learning.Gating;
using Multimodal.Learning.Numerics;
using Multimodal.Learning.Selection;

namespace Multimodal.Learning.Evaluation;

/// <summary>Effect of the selection bias if most requests prefer the same expert.</summary>
public static class LoadStudy
{
    /// <summary>Draws a skewed stream from recorded requests, with replacement.</summary>
    /// <param name="set">The requests.</param>
    /// <param name="gate">Its experts are those of the set, in the same order.</param>
    /// <param name="skew">Describes the stream.</param>
    /// <param name="random">Source of randomness.</param>
    public static RecordedSet Skew(RecordedSet set, IGate gate, LoadSkew skew, Random random)
    {
        var logits = new double[set.Experts.Count];
        var byKind = set.Examples.ToLookup(example =>
        {
            gate.Score(example.Features, logits);
            for (var e = 0; e < logits.Length; e++)
            {
                logits[e] = example.Opinions[e] is null ? double.NegativeInfinity : logits[e];
            }

            return Distribution.ArgMax(logits) == skew.Expert;
        });
        (RecordedExample[] frequent, RecordedExample[] others) = ([.. byKind[true]], [.. byKind[false]]);
        return set with
        {
            Examples = [.. Enumerable.Range(0, skew.Length).Select(_ =>
            {
                var source = others.Length == 0 || (random.NextDouble() < skew.Share && frequent.Length > 0) ? frequent : others;
                return source[random.Next(source.Length)];
            })],
        };
    }

    /// <summary>
    /// Answers the stream repeatedly and updates the bias after each pass (<see cref="SelectionBias.Update"/>). The first point has no
    /// bias.
    /// </summary>
    /// <param name="stream">The requests.</param>
    /// <param name="policy">Selects the experts.</param>
    /// <param name="rule">Fuses the opinions.</param>
    /// <param name="step">Step of the bias, above 0, in units of a logit.</param>
    /// <param name="updates">Number of updates, and of points after the first.</param>
    public static IReadOnlyList<LoadPoint> Run(RecordedSet stream, SelectionPolicy policy, IFusionRule rule, double step, int updates)
    {
        var points = new List<LoadPoint>();
        var bias = new double[stream.Experts.Count];
        for (var update = 0; update <= updates; update++)
        {
            var replay = Replay.Of(stream, policy with { Steering = new Steering { Bias = bias } }, rule);
            var calls = replay.Calls.Sum();
            double[] shares = [.. replay.Calls.Select(c => c / calls)];
            points.Add(new LoadPoint(bias, shares, replay.AccuracyOfAll, replay.Answered.Nll));
            bias = SelectionBias.Update(bias, replay.Calls, step);
        }

        return points;
    }
}
