using Multimodal.Learning.Data;

namespace Multimodal.Learning.Gating;

/// <summary>A network with trained parameters and the scaling of its input. Thread-safe; running it does not allocate.</summary>
internal sealed class TrainedNetwork(FeatureScaling scaling, IGateNetwork network, double[] parameters)
{
    /// <summary>Maximum number of features, hidden units or outputs of a gate: buffers of 8 KB fit on the stack.</summary>
    public const int MaxWidth = 1024;

    private readonly FeatureScaler _scaler = new(scaling);

    public int Outputs => network.Outputs;

    /// <summary>Computes the outputs from unscaled features.</summary>
    public void Run(ReadOnlySpan<float> features, Span<double> outputs)
    {
        Span<double> input = stackalloc double[network.Features];
        Span<double> units = stackalloc double[network.Hidden];
        _scaler.Apply(features, input);
        network.Forward(parameters, input, units, outputs);
    }
}
