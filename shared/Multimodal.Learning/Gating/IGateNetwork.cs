namespace Multimodal.Learning.Gating;

/// <summary>The trainable part of a gate: a function of standardised features with its gradient. Its parameters are one vector.</summary>
internal interface IGateNetwork
{
    /// <summary>Number of inputs.</summary>
    int Features { get; }

    /// <summary>Number of hidden units, at least 0.</summary>
    int Hidden { get; }

    /// <summary>Number of outputs, at least one per expert. Their meaning depends on the kind.</summary>
    int Outputs { get; }

    /// <summary>Number of parameters.</summary>
    int ParameterCount { get; }

    /// <summary>Computes the outputs, and the hidden units for <see cref="Backward"/>.</summary>
    void Forward(ReadOnlySpan<double> parameters, ReadOnlySpan<double> input, Span<double> units, Span<double> outputs);

    /// <summary>Adds dLoss/dParameters of one example to <paramref name="gradient"/>.</summary>
    void Backward(
        ReadOnlySpan<double> parameters, ReadOnlySpan<double> input, ReadOnlySpan<double> units,
        ReadOnlySpan<double> outputGradient, Span<double> gradient);

    /// <summary>The parameters before training.</summary>
    double[] InitialParameters(Random random);

    /// <summary>One entry per parameter: 1 where L2 applies, 0 at biases.</summary>
    double[] DecayMask();

    /// <summary>Indices of the parameters that affect only one output.</summary>
    /// <param name="output">Index of the output.</param>
    int[] ParametersOf(int output);
}
