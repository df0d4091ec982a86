using Multimodal.Learning.Gating;

namespace Multimodal.Learning.Training;

/// <summary>Trains a <see cref="SoftmaxGate"/> on recorded opinions; the experts stay as they are.</summary>
public static class GateTrainer
{
    /// <summary>Fits scaling and weights on the training set; the dev set only decides when to stop.</summary>
    /// <param name="train">At least one example.</param>
    /// <param name="dev">Of the same shape, other sources.</param>
    /// <param name="options">How to train.</param>
    /// <param name="random">Seeded by the caller: the same seed and data give the same gate.</param>
    /// <param name="progress">Called after each pass.</param>
    /// <param name="cancellationToken">Stops training with an exception.</param>
    /// <exception cref="ArgumentException">The sets do not fit each other, or an option is out of range.</exception>
    public static GateState Train(
        RecordedSet train, RecordedSet dev, TrainingOptions options, Random random,
        Action<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        options.Check();
        FeatureScaling scaling = FeatureScaling
            .Fit(train.Features, train.Blocks, train.Examples.Select(e => (ReadOnlyMemory<float>)e.Features))
            .Without(options.Ignore);
        var network = new GateNetwork(train.Features.Count, options.HiddenUnits, train.Experts.Count);
        var objective = new GateObjective(new PreparedSet(train, scaling), new PreparedSet(dev, scaling), network, options);
        double[] parameters = Start(network, random);
        Descent.Run(objective, parameters, options, random, "gate", progress, cancellationToken);
        return new GateState
        {
            Version = options.Version,
            Experts = [.. train.Experts.Select(expert => expert.Name)],
            Scaling = scaling,
            Weights = Rows(parameters, 0, network.Experts, network.Features),
            Bias = parameters[network.Bias..network.HiddenWeights],
            Hidden = options.HiddenUnits == 0 ? null : new GateHiddenLayer(
                Rows(parameters, network.HiddenWeights, network.Hidden, network.Features),
                parameters[network.HiddenBias..network.Output],
                Rows(parameters, network.Output, network.Experts, network.Hidden)),
        };
    }

    /// <summary>Cuts rows out of a flat vector.</summary>
    internal static double[][] Rows(double[] parameters, int offset, int rows, int length) =>
        [.. Enumerable.Range(0, rows).Select(row => parameters.AsSpan(offset + row * length, length).ToArray())];

    // All zero but U, which needs unlike rows to learn unlike units (uniform with deviation 1/sqrt(features), LeCun 1998).
    private static double[] Start(GateNetwork network, Random random)
    {
        var parameters = new double[network.ParameterCount];
        double reach = Math.Sqrt(3.0 / Math.Max(1, network.Features));
        for (int i = network.HiddenWeights; i < network.HiddenBias; i++)
        {
            parameters[i] = reach * (2 * random.NextDouble() - 1);
        }

        return parameters;
    }
}
