namespace Multimodal.Learning.Training;

/// <summary>A loss over examples, with its gradient: what <see cref="Descent"/> needs.</summary>
internal interface IObjective
{
    /// <summary>Number of training examples.</summary>
    int Count { get; }

    /// <summary>1 where L2 applies, 0 at biases; as long as the parameters.</summary>
    ReadOnlySpan<double> Decay { get; }

    /// <summary>Adds one example's gradient and returns its loss; draws dropout from <paramref name="random"/>.</summary>
    double AddExample(int example, ReadOnlySpan<double> parameters, Random random, Span<double> gradient);

    /// <summary>Adds the gradient of some examples, one after the other where nothing concerns them together; returns the sum of their losses.</summary>
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
