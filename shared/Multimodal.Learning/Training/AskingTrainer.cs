using System.Numerics.Tensors;
using Multimodal.Learning.Data;
using Multimodal.Learning.Evaluation;
using Multimodal.Learning.Fusion;
using Multimodal.Learning.Gating;
using Multimodal.Learning.Numerics;
using Multimodal.Learning.Selection;

namespace Multimodal.Learning.Training;

/// <summary>
/// Learns what one more opinion brings. Recorded requests are asked in waves by the untrained value down to a low price; wherever that
/// pauses, and for each expert e who could be asked then, the gain of asking it is
/// t = ([the answer with e is right] - [the answer without is] + P(label with e) - P(label without)) / 2, P the answer of everybody:
/// the truth is what counts, the answer of everybody says the same with less chance in it. theta is the least of
/// mean ((1 - c) sigmoid(theta . a) - t)^2 + tie |theta|^2.
/// </summary>
public static class AskingTrainer
{
    private const double LowPrice = 0.02;
    private const double Tie = 1e-5;
    private const double Rate = 0.1;
    private const int Steps = 600;

    /// <summary>Fits the weights of <see cref="ValueOfAsking.Signals"/>. There is no chance in it.</summary>
    /// <param name="set">Recorded requests.</param>
    /// <param name="gate">Its experts are the set's, in the same order.</param>
    /// <param name="rule">Fuses the opinions; calibrated after each of them.</param>
    /// <param name="cancellationToken">Stops with an exception.</param>
    public static double[] Fit(RecordedSet set, IGate gate, IFusionRule rule, CancellationToken cancellationToken = default)
    {
        var cases = Collect(set, gate, rule, cancellationToken);
        var count = ValueOfAsking.Signals.Count;
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

    /// <summary>The loss and its gradient: with w = sigmoid(theta . a), d/dtheta = 2 mean(((1 - c) w - t) (1 - c) w (1 - w) a) + 2 tie theta.</summary>
    internal static double Loss(IReadOnlyList<Case> cases, ReadOnlySpan<double> theta, Span<double> gradient)
    {
        gradient.Clear();
        double loss = 0;
        foreach (var at in cases)
        {
            var chance = ValueOfAsking.ChanceOf(theta, at.Signals);
            var error = at.Doubt * chance - at.Gain;
            loss += error * error;
            TensorPrimitives.MultiplyAdd(at.Signals, 2 * error * at.Doubt * chance * (1 - chance), gradient, gradient);
        }

        TensorPrimitives.Divide(gradient, cases.Count, gradient);
        TensorPrimitives.MultiplyAdd(theta, 2 * Tie, gradient, gradient);
        return loss / cases.Count + Tie * TensorPrimitives.SumOfSquares(theta);
    }

    /// <summary>Every expert that could have been asked wherever the untrained value paused.</summary>
    internal static List<Case> Collect(RecordedSet set, IGate gate, IFusionRule rule, CancellationToken cancellationToken)
    {
        var media = Candidates.Number(set.Experts.Select(e => e.Modality));
        var waves = SelectionStrategies.Table["waves"];
        var asking = new Waves(set.Experts, media, rule, LowPrice, ValueOfAsking.Untrained);
        List<Case> cases = [];
        var weights = new double[set.Experts.Count];
        var order = new int[weights.Length];
        var logits = new double[weights.Length];
        foreach (var example in set.Examples.Where(e => e.Opinions.Any(o => o is not null)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            bool[] available = [.. example.Opinions.Select(o => o is not null)];
            gate.Score(example.Features, logits);
            var candidates = new Candidates(logits, available, media);
            waves.Select(candidates, null, weights);
            waves.Order(candidates, weights, order);
            var all = asking.Answer(example, available, weights);
            foreach (var spoken in asking.Pauses(example, order, weights))
            {
                Add(cases, asking, example, all, spoken, available, weights, media);
            }
        }

        return cases;
    }

    private static void Add(
        List<Case> cases, Waves asking, RecordedExample example, double[] all, bool[] spoken, bool[] available, double[] weights, int[] media)
    {
        var now = asking.Answer(example, spoken, weights);
        var label = Distribution.ArgMax(now);
        ValueOfAsking.Doubt(now, out var doubt, out var rival);
        for (var e = 0; e < spoken.Length; e++)
        {
            if (!available[e] || spoken[e])
            {
                continue;
            }

            bool[] more = [.. spoken];
            more[e] = true;
            var then = Distribution.ArgMax(asking.Answer(example, more, weights));
            var gain = (then == example.Label ? 1 : 0) - (label == example.Label ? 1 : 0) + Math.Exp(all[then]) - Math.Exp(all[label]);
            var signals = new double[ValueOfAsking.Signals.Count];
            ValueOfAsking.Write(e, doubt, rival, weights, media, spoken, signals);
            cases.Add(new Case(signals, doubt, gain / 2));
        }
    }

    /// <summary>One expert that could be asked.</summary>
    /// <param name="Signals">As <see cref="ValueOfAsking.Signals"/>.</param>
    /// <param name="Doubt">1 - c, in [0, 1].</param>
    /// <param name="Gain">What asking it brought, in [-1, 1].</param>
    internal readonly record struct Case(double[] Signals, double Doubt, double Gain);
}
