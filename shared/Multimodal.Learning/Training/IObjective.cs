namespace Multimodal.Learning.Training;

/// <summary>A loss over training examples with its gradient, for <see cref="Descent"/>.</summary>
internal interface IObjective
{
    /// <summary>Number of training examples.</summary>
    int Count { get; }

    /// <summary>One entry per parameter: 1 where L2 applies, 0 at biases.</summary>
    ReadOnlySpan<double> DecayMask { get; }

    /// <summary>Adds the gradient of one example and returns its loss.</summary>
    /// <param name="example">Index of the example.</param>
    /// <param name="parameters">The parameters.</param>
    /// <param name="random">Source of dropout.</param>
    /// <param name="gradient">As long as the parameters.</param>
    double AddExample(int example, ReadOnlySpan<double> parameters, Random random, Span<double> gradient);

    /// <summary>Adds the gradient of a batch and returns the sum of its losses. The default treats the examples one by one.</summary>
    /// <param name="examples">Indices of the examples.</param>
    /// <param name="parameters">The parameters.</param>
    /// <param name="random">Source of dropout.</param>
    /// <param name="gradient">As long as the parameters.</param>
    double AddBatch(ReadOnlySpan<int> examples, ReadOnlySpan<double> parameters, Random random, Span<double> gradient)
    {
        double loss = 0;
        foreach (var example in examples)
        {
            loss += AddExample(example, parameters, random, gradient);
        }

        return loss;
    }

    /// <summary>Mean loss on the dev set, without dropout.</summary>
    double DevLoss(ReadOnlySpan<double> parameters);
}
