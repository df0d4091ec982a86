using System.Numerics.Tensors;

namespace Multimodal.Bench.LearningBench;

/// <summary>
/// The final layers of every benchmark network: inputs, ReLU units with dropout, and logits. Parameters are rows of
/// [units x (inputs + bias)], then of [labels x (units + bias)].
/// </summary>
internal sealed class ReluLayer(int inputs, int units, int labels, float dropout)
{
    private readonly float[] _units = new float[units];
    private readonly float[] _slope = new float[units];

    public static int ParameterCount(int inputs, int units, int labels) => units * (inputs + 1) + labels * (units + 1);

    private int Output => units * (inputs + 1);

    /// <summary>Initialises units uniformly within 1 / sqrt(inputs) and logits with zero.</summary>
    public static void Initialise(Span<float> parameters, int inputs, int units, Random random) =>
        Spread(parameters[..(units * (inputs + 1))], inputs, random);

    /// <summary>Draws uniformly within 1 / sqrt(inputs).</summary>
    public static void Spread(Span<float> parameters, int inputs, Random random)
    {
        var spread = 1 / MathF.Sqrt(inputs);
        foreach (ref var parameter in parameters)
        {
            parameter = spread * (2 * random.NextSingle() - 1);
        }
    }

    public void Forward(ReadOnlySpan<float> parameters, ReadOnlySpan<float> input, Random? random, Span<double> logits)
    {
        for (var u = 0; u < units; u++)
        {
            var own = parameters.Slice(u * (inputs + 1), inputs + 1);
            _units[u] = MathF.Max(0, TensorPrimitives.Dot(own[..^1], input) + own[^1]);
        }

        Drop(_units, dropout, random);
        for (var k = 0; k < labels; k++)
        {
            var own = parameters.Slice(Output + k * (units + 1), units + 1);
            logits[k] = TensorPrimitives.Dot<float>(own[..^1], _units) + own[^1];
        }
    }

    /// <summary>Adds the gradient of the last forward pass; also writes dLoss/dInput unless its span is empty.</summary>
    public void Backward(
        ReadOnlySpan<float> parameters, ReadOnlySpan<float> input, ReadOnlySpan<double> errors, Span<float> gradient, Span<float> inputSlope)
    {
        Array.Clear(_slope);
        inputSlope.Clear();
        for (var k = 0; k < labels; k++)
        {
            var at = Output + k * (units + 1);
            var error = (float)errors[k];
            Add(_units, error, gradient.Slice(at, units));
            gradient[at + units] += error;
            Add(parameters.Slice(at, units), error, _slope);
        }

        for (var u = 0; u < units; u++)
        {
            // The gradient of a dropped or negative unit is zero.
            if (_units[u] > 0)
            {
                var at = u * (inputs + 1);
                var error = _slope[u] / (1 - dropout);
                Add(input, error, gradient.Slice(at, inputs));
                gradient[at + inputs] += error;
                if (!inputSlope.IsEmpty)
                {
                    Add(parameters.Slice(at, inputs), error, inputSlope);
                }
            }
        }
    }

    /// <summary>Inverted dropout: zeroes some units and scales the others up, so that their mean stays (Srivastava et al. 2014).</summary>
    public static void Drop(Span<float> units, float share, Random? random)
    {
        for (var u = 0; u < units.Length && random is not null; u++)
        {
            units[u] *= random.NextSingle() < share ? 0 : 1 / (1 - share);
        }
    }

    public static void Add(ReadOnlySpan<float> x, float factor, Span<float> sum) => TensorPrimitives.MultiplyAdd(x, factor, sum, sum);
}
