using Multimodal.Learning.Data;
using Multimodal.Learning.Gating;

namespace Multimodal.Learning.Training;

/// <summary>Trains a gate of any kind on recorded opinions; the experts stay as they are.</summary>
public static class GateTrainer
{
    /// <summary>Fits scaling and weights on the training set; the dev set only decides when to stop.</summary>
    /// <param name="train">At least one example.</param>
    /// <param name="dev">Of the same shape, other sources.</param>
    /// <param name="options">How to train.</param>
    /// <param name="random">Seeded by the caller: the same seed and data give the same gate.</param>
    /// <param name="progress">Called after each pass.</param>
    /// <param name="cancellationToken">Stops training with an exception.</param>
    /// <exception cref="ArgumentException">The sets do not fit each other, or an option is out of range or not possible for the kind.</exception>
    public static GateState Train(
        RecordedSet train, RecordedSet dev, TrainingOptions options, Random random,
        Action<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        options.Check();
        return Train(train, dev, ScalingOf(train, options), options, random, progress, cancellationToken);
    }

    /// <summary>How the features of a set are scaled, without those not to be learned from.</summary>
    internal static FeatureScaling ScalingOf(RecordedSet set, TrainingOptions options) => FeatureScaling
        .Fit(set.Features, set.Blocks, set.Examples.Select(e => (ReadOnlyMemory<float>)e.Features))
        .Without(options.Ignore);

    /// <summary>The same under a scaling that others share.</summary>
    internal static GateState Train(
        RecordedSet train, RecordedSet dev, FeatureScaling scaling, TrainingOptions options, Random random,
        Action<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        var kind = Gates.Table[options.Gate];
        var network = kind.Network(train, options.HiddenUnits);
        var objective = new GateObjective(
            new PreparedSet(train, scaling), new PreparedSet(dev, scaling), kind, network, train.Experts, options);
        var parameters = network.Start(random);
        var each = options with { Epochs = Math.Max(1, options.Epochs / kind.Rounds) };
        for (var round = 0; round < kind.Rounds; round++)
        {
            var done = round * each.Epochs;
            objective.Expect(parameters);
            Descent.Run(
                objective, parameters, each, random, "gate", at => progress?.Invoke(at with { Epoch = done + at.Epoch }), cancellationToken);
        }

        var state = new GateState
        {
            // The base case stays as it was written before there were others.
            Kind = options.Gate == Gates.Base ? null : options.Gate,
            Version = options.Version,
            Experts = [.. train.Experts.Select(expert => expert.Name)],
            Scaling = scaling,
            Weights = [],
            Bias = [],
        };
        return kind.Fill(state, network, parameters, train.Experts);
    }
}
