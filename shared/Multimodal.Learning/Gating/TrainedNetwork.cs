using Multimodal.Learning.Data;

namespace Multimodal.Learning.Gating;

/// <summary>A network with what it has learned, behind its scaling. Thread-safe, no allocation.</summary>
internal sealed class TrainedNetwork(FeatureScaling scaling, IGateNetwork network, double[] parameters)
{
    // 1,024 doubles are 8 KB of stack; inputs wider than that are not "cheap features".
    public const int MaxWidth = 1024;

    private readonly FeatureScaler _scaler = new(scaling);

    public int Outputs => network.Outputs;

    public void Run(ReadOnlySpan<float> features, Span<double> outputs)
    {
        Span<double> input = stackalloc double[network.Features];
        Span<double> units = stackalloc double[network.Hidden];
        _scaler.Apply(features, input);
        network.Forward(parameters, input, units, outputs);
    }
}
