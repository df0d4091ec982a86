using Multimodal.Learning.Data;
using Multimodal.Learning.Fusion;
using Multimodal.Learning.Gating;
using Multimodal.Learning.Numerics;
using Multimodal.Learning.Selection;

namespace Multimodal.Learning.Evaluation;

/// <summary>What the selection bias does when most requests want the same expert.</summary>
public static class LoadStudy
{
    /// <summary>
    /// A stream in which a share of the requests is of one kind: those that a gate would send to one expert first.
    /// </summary>
    /// <param name="set">The requests to draw from, with replacement.</param>
    /// <param name="gate">Its experts are the set's, in the same order.</param>
    /// <param name="expert">The expert that the kind wants.</param>
    /// <param name="share">Share of the stream that is of the kind, in [0, 1].</param>
    /// <param name="length">Requests to draw.</param>
    /// <param name="random">Draws them.</param>
    public static RecordedSet Skew(RecordedSet set, IGate gate, int expert, double share, int length, Random random)
    {
        var logits = new double[set.Experts.Count];
        var byKind = set.Examples.ToLookup(example =>
        {
            gate.Score(example.Features, logits);
            for (var e = 0; e < logits.Length; e++)
            {
                logits[e] = example.Opinions[e] is null ? double.NegativeInfinity : logits[e];
            }

            return Distribution.ArgMax(logits) == expert;
        });
        (RecordedExample[] kind, RecordedExample[] rest) = ([.. byKind[true]], [.. byKind[false]]);
        return set with
        {
            Examples = [.. Enumerable.Range(0, length).Select(_ =>
            {
                var from = rest.Length == 0 || (random.NextDouble() < share && kind.Length > 0) ? kind : rest;
                return from[random.Next(from.Length)];
            })],
        };
    }

    /// <summary>
    /// Sends the stream through window by window and moves the bias after each (<see cref="SelectionBias"/>); one point per window,
    /// judged on the whole stream with the bias as it stood, the first with none.
    /// </summary>
    /// <param name="stream">The requests, in order.</param>
    /// <param name="gate">Its experts are the stream's, in the same order.</param>
    /// <param name="strategy">Name of the selection strategy.</param>
    /// <param name="k">Its k; null lets it decide.</param>
    /// <param name="rule">How opinions are fused.</param>
    /// <param name="step">Of the bias, in units of a logit.</param>
    /// <param name="windows">Points after the first.</param>
    public static IReadOnlyList<LoadPoint> Run(
        RecordedSet stream, IGate gate, string strategy, int? k, IFusionRule rule, double step, int windows)
    {
        var points = new List<LoadPoint>();
        var bias = new double[stream.Experts.Count];
        for (var window = 0; window <= windows; window++)
        {
            var replay = Replay.Of(stream, gate, strategy, k, rule, new Steering(Bias: bias));
            var calls = replay.Calls.Sum();
            double[] shares = [.. replay.Calls.Select(c => c / calls)];
            points.Add(new LoadPoint(bias, shares, replay.AccuracyOfAll, replay.Answered.Nll));
            bias = SelectionBias.Update(bias, replay.Calls, step);
        }

        return points;
    }
}
