using System.Numerics.Tensors;
using Multimodal.Learning.Data;
using Multimodal.Learning.Evaluation;
using Multimodal.Learning.Fusion;
using Multimodal.Learning.Gating;
using Multimodal.Learning.Numerics;
using Multimodal.Learning.Selection;

namespace Multimodal.Learning.Training;

/// <summary>
/// Fits the weights theta of <see cref="ExpectedGain"/> to recorded requests. Each request is replayed in waves with the untrained estimate
/// and a low price. After each wave, every expert that could be asked is one case, with the gain t = ([the answer with it is correct] -
/// [the answer without it is correct] + P(label with it) - P(label without it)) / 2, P the answer from all opinions, which reduces the
/// variance. theta minimises mean ((1 - c) sigmoid(theta . a) - t)^2 + L2 |theta|^2.
/// </summary>
public static class ExpectedGainTrainer
{
    private const double LowPrice = 0.02;
    private const double L2 = 1e-5;
    private const double Rate = 0.1;
    private const int Steps = 600;

    /// <summary>Fits one weight per signal. The result is deterministic.</summary>
    /// <param name="set">Recorded requests.</param>
    /// <param name="gate">Its experts are those of the set, in the same order.</param>
    /// <param name="rule">Fuses the opinions; its answers are calibrated after each wave.</param>
    /// <param name="cancellationToken">Stops the training with an exception.</param>
    public static double[] Fit(RecordedSet set, IGate gate, IFusionRule rule, CancellationToken cancellationToken = default)
    {
        var cases = Collect(set, gate, rule, cancellationToken);
        var count = ExpectedGain.Signals.Count;
        var theta = new double[count];
        var gradient = new double[count];
        var adam = new Adam(count);
        for (var step = 0; step < Steps && cases.Count > 0; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Loss(cases, theta, gradient);
            adam.Step(theta, gradient, Rate * (1 - (double)step / Steps));
        }

        return theta;
    }

    /// <summary>The loss and its gradient 2 mean(((1 - c) w - t) (1 - c) w (1 - w) a) + 2 L2 theta, with w = sigmoid(theta . a).</summary>
    internal static double Loss(IReadOnlyList<GainCase> cases, ReadOnlySpan<double> theta, Span<double> gradient)
    {
        gradient.Clear();
        double loss = 0;
        foreach (var gainCase in cases)
        {
            var share = ExpectedGain.ShareOf(theta, gainCase.Signals);
            var error = gainCase.ErrorProbability * share - gainCase.Gain;
            loss += error * error;
            TensorPrimitives.MultiplyAdd(gainCase.Signals, 2 * error * gainCase.ErrorProbability * share * (1 - share), gradient, gradient);
        }

        TensorPrimitives.Divide(gradient, cases.Count, gradient);
        TensorPrimitives.MultiplyAdd(theta, 2 * L2, gradient, gradient);
        return loss / cases.Count + L2 * TensorPrimitives.SumOfSquares(theta);
    }

    /// <summary>The cases of all requests with an opinion.</summary>
    internal static List<GainCase> Collect(RecordedSet set, IGate gate, IFusionRule rule, CancellationToken cancellationToken)
    {
        var selector = new ExpertSelector(set, gate, "waves");
        var replay = new WaveReplay(set.Experts, selector.Modalities, rule, LowPrice, ExpectedGain.Untrained);
        int[] modalities = [.. selector.Modalities];
        List<GainCase> cases = [];
        foreach (var example in set.Examples.Where(e => e.Opinions.Any(o => o is not null)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var available = example.HasOpinion();
            var selection = selector.Select(example.Features, available);
            var all = replay.Answer(example, available, selection.Weights);
            foreach (var answered in replay.AnsweredAfterEachWave(example, selection))
            {
                bool[] askable = [.. available.Zip(answered, (hasOpinion, hasAnswered) => hasOpinion && !hasAnswered)];
                AddCases(replay, example, all, new ExpertStates(selection.Weights, modalities, answered) { Askable = askable }, cases);
            }
        }

        return cases;
    }

    private static void AddCases(WaveReplay replay, RecordedExample example, double[] all, in ExpertStates experts, List<GainCase> cases)
    {
        var now = replay.Answer(example, experts.Answered, experts.Weights);
        var label = Distribution.ArgMax(now);
        var uncertainty = AnswerUncertainty.Of(now);
        for (var e = 0; e < experts.Answered.Length; e++)
        {
            if (!experts.Askable[e])
            {
                continue;
            }

            bool[] more = [.. experts.Answered];
            more[e] = true;
            var then = Distribution.ArgMax(replay.Answer(example, more, experts.Weights));
            var gain = (then == example.Label ? 1 : 0) - (label == example.Label ? 1 : 0) + Math.Exp(all[then]) - Math.Exp(all[label]);
            var signals = new double[ExpectedGain.Signals.Count];
            ExpectedGain.WriteSignals(e, uncertainty, experts, signals);
            cases.Add(new GainCase(signals, uncertainty.ErrorProbability, gain / 2));
        }
    }
}
