using Multimodal.Learning.Calibration;
using Multimodal.Learning.Data;
using Multimodal.Learning.Fusion;
using Multimodal.Learning.Gating;

namespace Multimodal.Learning.Training;

/// <summary>Trains the learned rule on recorded opinions, with the selections of a trained gate.</summary>
public static class CombinerTrainer
{
    /// <summary>
    /// Trains every form of the rule, fits its temperature, and keeps the form with the lowest dev NLL. Also fits the state of the rules
    /// <c>stacking</c> and <c>accuracy-weighted</c> and the expected gain of another opinion.
    /// </summary>
    /// <param name="train">At least one example.</param>
    /// <param name="dev">Examples of other sources, of the same shape. They decide when to stop, the temperature and the form.</param>
    /// <param name="gate">
    /// The gate whose selections the combiner sees; its experts and features are those of the sets, in their order.
    /// </param>
    /// <param name="options">How to train; hidden units do not apply.</param>
    /// <param name="run">Randomness, progress and cancellation.</param>
    /// <exception cref="ArgumentException">The sets or the gate do not match, or an option is out of range.</exception>
    public static CombinerState Train(RecordedSet train, RecordedSet dev, IGate gate, TrainingOptions options, TrainingRun run)
    {
        options.Check();
        var setup = new CombinerSetup(gate, GateTrainer.ScalingOf(train, options), options);
        var best = FusionForms.Table.Names
            .Select(form => TrainForm(form, train, dev, setup, run))
            .ToArray()
            .MinBy(candidate => candidate.DevNll)
            .State;
        var all = train with { Examples = [.. train.Examples, .. dev.Examples] };
        return best with
        {
            GainWeights = ExpectedGainTrainer.Fit(all, gate, new LearnedRule(best), run.CancellationToken),
            Accuracies = StackingObjective.Accuracies(train),
            Powers = StackingObjective.Fit(train, dev, options, run),
        };
    }

    /// <summary>Trains one form. Also returns its dev NLL at its temperature, in nats.</summary>
    internal static (CombinerState State, double DevNll) TrainForm(
        string form, RecordedSet train, RecordedSet dev, CombinerSetup setup, TrainingRun run)
    {
        var (gate, scaling, options) = setup;
        if (!gate.Experts.SequenceEqual(train.Experts.Select(e => e.Name)) || !gate.Features.SequenceEqual(train.Features))
        {
            throw new ArgumentException("The gate has other experts or features than the recorded set.", nameof(setup));
        }

        var fusion = FusionForms.Table[form];
        var objective = new CombinerObjective(train, dev, fusion, setup);
        var network = objective.Network;
        var parameters = new double[network.ParameterCount];
        for (var o = 0; o < network.Outputs; o++)
        {
            parameters[o * OpinionSignals.Count] = fusion.InitialScores[o];
        }

        Descent.Run(objective, parameters, options, $"combiner/{form}", run);
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
            SharedWeights = GateNetwork.Rows(parameters, 0, network.Outputs, OpinionSignals.Count),
            ExpertWeights = GateNetwork.Rows(parameters, network.ExpertOffset, network.Outputs * gate.Experts.Count, OpinionSignals.Count),
            FeatureWeights = GateNetwork.Rows(parameters, network.FeatureOffset, network.Outputs * gate.Experts.Count, network.Features),
            Temperature = temperature,
        };
        return (state, TemperatureScaling.Loss(logs, labels, temperature));
    }
}
