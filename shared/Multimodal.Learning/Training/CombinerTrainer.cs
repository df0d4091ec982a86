using Multimodal.Learning.Calibration;
using Multimodal.Learning.Data;
using Multimodal.Learning.Fusion;
using Multimodal.Learning.Gating;

namespace Multimodal.Learning.Training;

/// <summary>Trains the learned rule on recorded opinions, behind a trained gate.</summary>
public static class CombinerTrainer
{
    /// <summary>
    /// Trains every form, gives each its temperature, and keeps the one with the least dev NLL; also fits the few numbers of the
    /// rules <c>stacking</c> and <c>accuracy-weighted</c>, and what one more opinion is worth to it.
    /// </summary>
    /// <param name="train">At least one example.</param>
    /// <param name="dev">Of the same shape, other sources; decides when to stop, the temperature and the form.</param>
    /// <param name="gate">The gate it will stand behind; its experts and features are those of the sets, in their order.</param>
    /// <param name="options">How to train; hidden units do not apply.</param>
    /// <param name="random">Seeded by the caller: the same seed and data give the same combiner.</param>
    /// <param name="progress">Called after each pass.</param>
    /// <param name="cancellationToken">Stops training with an exception.</param>
    /// <exception cref="ArgumentException">The sets or the gate do not fit each other, or an option is out of range.</exception>
    public static CombinerState Train(
        RecordedSet train, RecordedSet dev, IGate gate, TrainingOptions options, Random random,
        Action<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        options.Check();
        var scaling = GateTrainer.ScalingOf(train, options);
        var best = FusionForms.Table.Names
            .Select(form => TrainForm(form, train, dev, scaling, gate, options, random, progress, cancellationToken))
            .ToArray()
            .MinBy(candidate => candidate.DevNll)
            .State;
        var all = train with { Examples = [.. train.Examples, .. dev.Examples] };
        return best with
        {
            Asking = AskingTrainer.Fit(all, gate, new LearnedRule(best), cancellationToken),
            Accuracies = StackingObjective.Accuracies(train),
            Powers = StackingObjective.Fit(train, dev, options, random, progress, cancellationToken),
        };
    }

    /// <summary>Trains one form; also returns its dev NLL at its temperature.</summary>
    internal static (CombinerState State, double DevNll) TrainForm(
        string form, RecordedSet train, RecordedSet dev, FeatureScaling scaling, IGate gate, TrainingOptions options, Random random,
        Action<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        if (!gate.Experts.SequenceEqual(train.Experts.Select(e => e.Name)) || !gate.Features.SequenceEqual(train.Features))
        {
            throw new ArgumentException("The gate knows other experts or features than the recorded set.", nameof(gate));
        }

        var fusion = FusionForms.Table[form];
        var objective = new CombinerObjective(train, dev, scaling, gate, fusion, options);
        var network = objective.Network;
        var parameters = new double[network.ParameterCount];
        for (var o = 0; o < network.Outputs; o++)
        {
            parameters[o * OpinionSignals.Count] = fusion.InitialScores[o];
        }

        Descent.Run(objective, parameters, options, random, $"combiner/{form}", progress, cancellationToken);

        (double[] Fused, int Label)[] answers = [.. objective.DevAnswers(parameters).Select(a => (a.Fused.ToArray(), a.Label))];
        double[][] logs = [.. answers.Select(a => a.Fused)];
        int[] labels = [.. answers.Select(a => a.Label)];
        var temperature = TemperatureScaling.Fit(logs, labels);
        var state = new CombinerState
        {
            Version = options.Version,
            Form = form,
            Experts = [.. gate.Experts],
            Signals = OpinionSignals.Names,
            Scaling = scaling,
            Prior = GateNetwork.Rows(parameters, 0, network.Outputs, OpinionSignals.Count),
            Own = GateNetwork.Rows(parameters, network.Own, network.Outputs * gate.Experts.Count, OpinionSignals.Count),
            Inputs = GateNetwork.Rows(parameters, network.Inputs, network.Outputs * gate.Experts.Count, network.Features),
            Temperature = temperature,
        };
        return (state, TemperatureScaling.Loss(logs, labels, temperature));
    }
}
