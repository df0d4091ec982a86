using Multimodal.Learning.Data;
using Multimodal.Learning.Gating;
using Multimodal.Learning.Numerics;
using Multimodal.Learning.Online;

namespace Multimodal.Learning.Evaluation;

/// <summary>An online learner fed request by request, while an expert breaks half-way: from then on its labels are permuted.</summary>
public sealed class DriftStudy
{
    private DriftStudy(IReadOnlyList<double[]> weights, bool[] right, bool[] oracleRight, double[] oracleWeights) =>
        (Weights, Right, OracleRight, OracleWeights) = (weights, right, oracleRight, oracleWeights);

    /// <summary>The learner's weight of each expert, everybody awake, before each request.</summary>
    public IReadOnlyList<double[]> Weights { get; }

    /// <summary>Whether each request was answered right, before its label was told.</summary>
    public IReadOnlyList<bool> Right { get; }

    /// <summary>The same for the oracle: the best fixed weights in hindsight, one set for each half.</summary>
    public IReadOnlyList<bool> OracleRight { get; }

    /// <summary>The oracle's weights after the break.</summary>
    public IReadOnlyList<double> OracleWeights { get; }

    /// <summary>
    /// Runs one learner. Opinions are pooled by (gate weight) x (online weight): the gate's weight, scaled so that the largest is 1, is how much
    /// an expert is awake. A request's label is told right after its answer.
    /// </summary>
    /// <param name="stream">Requests in order.</param>
    /// <param name="gate">Its experts are the stream's, in the same order; null for experts that are awake whenever they gave an opinion.</param>
    /// <param name="learner">A name of <see cref="OnlineLearners"/>.</param>
    /// <param name="broken">The expert that breaks.</param>
    /// <param name="settings">Of the learner; null for the defaults.</param>
    public static DriftStudy Run(RecordedSet stream, IGate? gate, string learner, int broken, OnlineSettings? settings = null)
    {
        var half = stream.Examples.Count / 2;
        var online = OnlineLearners.Table[learner];
        var state = online.Start([.. stream.Experts.Select(e => e.Name)], "log", settings);
        double[] everybody = [.. stream.Experts.Select(_ => 1.0)];
        var weights = new List<double[]>();
        var right = new bool[stream.Examples.Count];
        var awake = new double[right.Length][];
        var opinions = new double[right.Length][][];
        foreach (var (n, example) in stream.Examples.Index())
        {
            double[]?[] said = [.. example.Opinions.Select((o, e) => n >= half && e == broken ? Permuted(o) : o)];
            awake[n] = AwakeBy(gate, example);
            weights.Add(online.Weights(state, everybody));
            var prediction = online.Predict(state, awake[n], said);
            right[n] = prediction.Answer is { } answer && Distribution.ArgMax([.. answer]) == example.Label;
            state = online.Update(state, prediction, example.Label);
            opinions[n] = [.. said.Select(o => o ?? [])];
        }

        int[] labels = [.. stream.Examples.Select(e => e.Label)];
        var oracle = new bool[right.Length];
        var before = Hindsight(awake[..half], opinions[..half], labels[..half]);
        var after = Hindsight(awake[half..], opinions[half..], labels[half..]);
        for (var n = 0; n < right.Length; n++)
        {
            oracle[n] = IsRight(n < half ? before : after, awake[n], opinions[n], labels[n]);
        }

        return new DriftStudy(weights, right, oracle, after);
    }

    /// <summary>The labels moved three places on: as sure as before, and wrong.</summary>
    internal static double[]? Permuted(double[]? opinion) =>
        opinion is null ? null : [.. opinion.Select((_, k) => opinion[(k + opinion.Length - 3) % opinion.Length])];

    private static double[] AwakeBy(IGate? gate, RecordedExample example)
    {
        double[] awake = [.. example.Opinions.Select(o => o is null ? double.NegativeInfinity : 0)];
        if (gate is not null)
        {
            var logits = new double[awake.Length];
            gate.Score(example.Features, logits);
            System.Numerics.Tensors.TensorPrimitives.Add(awake, logits, awake);
        }

        LogSpace.Softmax(awake, awake);
        var most = awake.Max();
        return [.. awake.Select(a => most > 0 ? a / most : 0)];
    }

    /// <summary>
    /// Weights w that maximise sum ln(sum_i awake_i w_i p_i(y) / sum_i awake_i w_i), by exponentiated gradient with the whole stream at once.
    /// </summary>
    private static double[] Hindsight(double[][] awake, double[][][] opinions, int[] labels)
    {
        var experts = awake.Length == 0 ? 0 : awake[0].Length;
        var logs = new double[experts];
        var weights = new double[experts];
        var gradient = new double[experts];
        double[][] hits = [.. opinions.Select((said, n) => said.Select(o => o.Length == 0 ? double.NaN : Math.Exp(o[labels[n]])).ToArray())];
        for (var step = 0; step < 200; step++)
        {
            LogSpace.Softmax(logs, weights);
            Array.Clear(gradient);
            for (var n = 0; n < labels.Length; n++)
            {
                double mass = 0;
                double hit = 0;
                for (var e = 0; e < experts; e++)
                {
                    var share = double.IsNaN(hits[n][e]) ? 0 : awake[n][e] * weights[e];
                    mass += share;
                    hit += share > 0 ? share * hits[n][e] : 0;
                }

                for (var e = 0; e < experts && hit > 0; e++)
                {
                    var share = double.IsNaN(hits[n][e]) ? 0 : awake[n][e] * weights[e];
                    gradient[e] += share > 0 ? share * (hits[n][e] / hit - 1 / mass) / labels.Length : 0;
                }
            }

            for (var e = 0; e < experts; e++)
            {
                logs[e] += 4 * gradient[e];
            }
        }

        return weights;
    }

    private static bool IsRight(double[] weights, double[] awake, double[][] opinions, int label)
    {
        var pooled = new double[opinions.Max(o => o.Length)];
        for (var e = 0; e < weights.Length; e++)
        {
            for (var k = 0; k < opinions[e].Length; k++)
            {
                pooled[k] += awake[e] * weights[e] * Math.Exp(opinions[e][k]);
            }
        }

        return pooled.Length > 0 && Distribution.ArgMax(pooled) == label;
    }
}
