using Multimodal.Learning.Data;
using Multimodal.Learning.Gating;

namespace Multimodal.Learning.Training;

/// <summary>Trains a gate of any kind on recorded opinions. The experts are not changed.</summary>
public static class GateTrainer
{
    /// <summary>Fits scaling and weights to the training set; the dev set only decides when to stop.</summary>
    /// <param name="train">At least one example.</param>
    /// <param name="dev">Examples of other sources, of the same shape.</param>
    /// <param name="options">How to train.</param>
    /// <param name="run">Randomness, progress and cancellation.</param>
    /// <exception cref="ArgumentException">The sets do not match, or an option is out of range or not supported by the kind.</exception>
    public static GateState Train(RecordedSet train, RecordedSet dev, TrainingOptions options, TrainingRun run)
    {
        options.Check();
        return Train(train, dev, ScalingOf(train, options), options, run);
    }

    /// <summary>Scaling of the features of a set, without the features that the options ignore.</summary>
    internal static FeatureScaling ScalingOf(RecordedSet set, TrainingOptions options) => FeatureScaling
        .Fit(set.Features, set.Blocks, set.Examples.Select(e => (ReadOnlyMemory<float>)e.Features))
        .Without(options.Ignore);

    /// <summary>Same, with a given scaling.</summary>
    internal static GateState Train(
        RecordedSet train, RecordedSet dev, FeatureScaling scaling, TrainingOptions options, TrainingRun run)
    {
        var kind = Gates.Table[options.Gate];
        var network = kind.CreateNetwork(train, options.HiddenUnits);
        var objective = new GateObjective(
            new PreparedSet(train, scaling), new PreparedSet(dev, scaling), kind, network, train.Experts, options);
        var parameters = network.InitialParameters(run.Random);
        var roundOptions = options with { Epochs = Math.Max(1, options.Epochs / kind.EmRounds) };
        for (var round = 0; round < kind.EmRounds; round++)
        {
            var epochsBefore = round * roundOptions.Epochs;
            objective.BeginRound(parameters);
            Descent.Run(objective, parameters, roundOptions, "gate", run with
            {
                Progress = progress => run.Progress?.Invoke(progress with { Epoch = epochsBefore + progress.Epoch }),
            });
        }

        var state = new GateState
        {
            // A soft gate omits its kind, like the states that were written before there were several kinds.
            Kind = options.Gate == Gates.DefaultKind ? null : options.Gate,
            Version = options.Version,
            Experts = [.. train.Experts.Select(expert => expert.Name)],
            Scaling = scaling,
            Weights = [],
            Bias = [],
        };
        return kind.WithParameters(state, network, parameters, train.Experts);
    }
}
