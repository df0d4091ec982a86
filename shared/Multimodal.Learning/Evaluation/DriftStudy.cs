using System.Numerics.Tensors;
using Multimodal.Learning.Data;
using Multimodal.Learning.Gating;
using Multimodal.Learning.Numerics;
using Multimodal.Learning.Online;

namespace Multimodal.Learning.Evaluation;

/// <summary>An online learner with feedback after every request. One expert becomes faulty halfway through the stream.</summary>
public sealed class DriftStudy
{
    private const int HindsightSteps = 200;
    private const double HindsightRate = 4;

    private DriftStudy(IReadOnlyList<double[]> weights, bool[] correct, bool[] oracleCorrect, double[] oracleWeights) =>
        (Weights, Correct, OracleCorrect, OracleWeights) = (weights, correct, oracleCorrect, oracleWeights);

    /// <summary>Before each request, the learner's weight of each expert if all are awake; the sum is 1.</summary>
    public IReadOnlyList<double[]> Weights { get; }

    /// <summary>Whether each request was answered correctly, before its feedback.</summary>
    public IReadOnlyList<bool> Correct { get; }

    /// <summary>Same for the oracle: the best fixed weights in hindsight, one set for each half of the stream.</summary>
    public IReadOnlyList<bool> OracleCorrect { get; }

    /// <summary>The oracle's weights for the second half; the sum is 1.</summary>
    public IReadOnlyList<double> OracleWeights { get; }

    /// <summary>
    /// Runs one learner. Opinions are pooled by (gate weight) x (online weight): an expert is awake to the degree of its gate weight,
    /// scaled so that the largest is 1.
    /// </summary>
    /// <param name="stream">The requests in order.</param>
    /// <param name="gate">Its experts are those of the stream, in the same order; null if experts with an opinion are fully awake.</param>
    /// <param name="learner">A name in <see cref="OnlineLearners"/>.</param>
    /// <param name="faulty">Index of the expert that becomes faulty.</param>
    /// <param name="settings">Settings of the learner; null for the defaults.</param>
    public static DriftStudy Run(RecordedSet stream, IGate? gate, string learner, int faulty, OnlineSettings? settings = null)
    {
        var half = stream.Examples.Count / 2;
        var fault = new ExpertFault(faulty, half, stream.Examples.Count);
        var online = OnlineLearners.Table[learner];
        var state = online.Start([.. stream.Experts.Select(e => e.Name)], "log", settings);
        double[] allAwake = [.. stream.Experts.Select(_ => 1.0)];
        var weights = new List<double[]>();
        var correct = new bool[stream.Examples.Count];
        var awake = new double[correct.Length][];
        var opinions = new double[correct.Length][][];
        foreach (var (n, example) in stream.Examples.Index())
        {
            var answered = fault.Apply(example, n).Opinions;
            awake[n] = AwakeBy(gate, example);
            weights.Add(online.Weights(state, allAwake));
            var prediction = online.Predict(state, awake[n], answered);
            correct[n] = prediction.Answer is { } answer && Distribution.ArgMax([.. answer]) == example.Label;
            state = online.Update(state, prediction, example.Label);
            opinions[n] = [.. answered.Select(o => o ?? [])];
        }

        int[] labels = [.. stream.Examples.Select(e => e.Label)];
        var oracle = new bool[correct.Length];
        var before = Hindsight(awake[..half], opinions[..half], labels[..half]);
        var after = Hindsight(awake[half..], opinions[half..], labels[half..]);
        for (var n = 0; n < correct.Length; n++)
        {
            oracle[n] = IsCorrect(n < half ? before : after, awake[n], opinions[n], labels[n]);
        }

        return new DriftStudy(weights, correct, oracle, after);
    }

    private static double[] AwakeBy(IGate? gate, RecordedExample example)
    {
        double[] awake = [.. example.Opinions.Select(o => o is null ? double.NegativeInfinity : 0)];
        if (gate is not null)
        {
            var logits = new double[awake.Length];
            gate.Score(example.Features, logits);
            TensorPrimitives.Add(awake, logits, awake);
        }

        LogSpace.Softmax(awake, awake);
        var largest = awake.Max();
        return [.. awake.Select(a => largest > 0 ? a / largest : 0)];
    }

    /// <summary>
    /// Weights w that maximise sum ln(sum_i awake_i w_i p_i(y) / sum_i awake_i w_i), by exponentiated gradient over the whole stream.
    /// </summary>
    private static double[] Hindsight(double[][] awake, double[][][] opinions, int[] labels)
    {
        var experts = awake.Length == 0 ? 0 : awake[0].Length;
        var logs = new double[experts];
        var weights = new double[experts];
        var gradient = new double[experts];
        double[][] likelihoods =
        [
            .. opinions.Select((answered, n) => answered.Select(o => o.Length == 0 ? double.NaN : Math.Exp(o[labels[n]])).ToArray()),
        ];
        for (var step = 0; step < HindsightSteps; step++)
        {
            LogSpace.Softmax(logs, weights);
            Array.Clear(gradient);
            for (var n = 0; n < labels.Length; n++)
            {
                AddGradient(weights, awake[n], likelihoods[n], labels.Length, gradient);
            }

            for (var e = 0; e < experts; e++)
            {
                logs[e] += HindsightRate * gradient[e];
            }
        }

        return weights;
    }

    private static void AddGradient(double[] weights, double[] awake, double[] likelihoods, int count, double[] gradient)
    {
        double mass = 0;
        double joint = 0;
        for (var e = 0; e < weights.Length; e++)
        {
            var share = double.IsNaN(likelihoods[e]) ? 0 : awake[e] * weights[e];
            mass += share;
            joint += share > 0 ? share * likelihoods[e] : 0;
        }

        for (var e = 0; e < weights.Length && joint > 0; e++)
        {
            var share = double.IsNaN(likelihoods[e]) ? 0 : awake[e] * weights[e];
            gradient[e] += share > 0 ? share * (likelihoods[e] / joint - 1 / mass) / count : 0;
        }
    }

    private static bool IsCorrect(double[] weights, double[] awake, double[][] opinions, int label)
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
