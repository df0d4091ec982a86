namespace Multimodal.Learning.Gating;

/// <summary>What is fitted in a gate: numbers from standardised features, with their gradient. One flat parameter vector.</summary>
internal interface IGateNetwork
{
    /// <summary>Inputs.</summary>
    int Features { get; }

    /// <summary>Hidden units; 0 when there are none.</summary>
    int Hidden { get; }

    /// <summary>Numbers it gives, at least one per expert; what they mean is the kind's affair.</summary>
    int Outputs { get; }

    /// <summary>Length of the parameter vector.</summary>
    int ParameterCount { get; }

    /// <summary>Writes the outputs, and the hidden units for <see cref="Backward"/>.</summary>
    void Forward(ReadOnlySpan<double> parameters, ReadOnlySpan<double> input, Span<double> units, Span<double> outputs);

    /// <summary>Adds dLoss/dParameters for one example to <paramref name="gradient"/>.</summary>
    void Backward(
        ReadOnlySpan<double> parameters, ReadOnlySpan<double> input, ReadOnlySpan<double> units,
        ReadOnlySpan<double> outputGradient, Span<double> gradient);

    /// <summary>The parameters before training.</summary>
    double[] InitialParameters(Random random);

    /// <summary>1 where L2 applies, 0 at what is free, as biases are.</summary>
    double[] DecayMask();

    /// <summary>Positions of the parameters that concern one output alone.</summary>
    int[] ParametersOf(int output);
}
