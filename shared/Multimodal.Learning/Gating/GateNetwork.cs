using System.Numerics.Tensors;

namespace Multimodal.Learning.Gating;

/// <summary>
/// outputs = W z + b + V tanh(U z + c); without hidden units only the linear part. One flat parameter vector, in this order:
/// W [outputs x features], b [outputs], U [hidden x features], c [hidden], V [outputs x hidden].
/// </summary>
internal sealed class GateNetwork(int features, int hidden, int outputs) : IGateNetwork
{
    public int Features => features;

    public int Hidden => hidden;

    public int Outputs => outputs;

    public int Bias => outputs * features;

    public int HiddenWeights => Bias + outputs;

    public int HiddenBias => HiddenWeights + hidden * features;

    public int Output => HiddenBias + hidden;

    public int ParameterCount => Output + outputs * hidden;

    public void Forward(ReadOnlySpan<double> parameters, ReadOnlySpan<double> input, Span<double> units, Span<double> logits)
    {
        for (var h = 0; h < hidden; h++)
        {
            var row = parameters.Slice(HiddenWeights + h * features, features);
            units[h] = Math.Tanh(TensorPrimitives.Dot(row, input) + parameters[HiddenBias + h]);
        }

        for (var e = 0; e < outputs; e++)
        {
            var logit = TensorPrimitives.Dot(parameters.Slice(e * features, features), input) + parameters[Bias + e];
            if (hidden > 0)
            {
                logit += TensorPrimitives.Dot(parameters.Slice(Output + e * hidden, hidden), units[..hidden]);
            }

            logits[e] = logit;
        }
    }

    public void Backward(
        ReadOnlySpan<double> parameters, ReadOnlySpan<double> input, ReadOnlySpan<double> units,
        ReadOnlySpan<double> outputGradient, Span<double> gradient)
    {
        for (var e = 0; e < outputs; e++)
        {
            if (outputGradient[e] == 0)
            {
                continue;
            }

            AddScaled(input, outputGradient[e], gradient.Slice(e * features, features));
            gradient[Bias + e] += outputGradient[e];
            AddScaled(units[..hidden], outputGradient[e], gradient.Slice(Output + e * hidden, hidden));
        }

        for (var h = 0; h < hidden; h++)
        {
            double error = 0;
            for (var e = 0; e < outputs; e++)
            {
                error += outputGradient[e] * parameters[Output + e * hidden + h];
            }

            error *= 1 - units[h] * units[h];
            AddScaled(input, error, gradient.Slice(HiddenWeights + h * features, features));
            gradient[HiddenBias + h] += error;
        }
    }

    /// <summary>All zero but U, which needs unlike rows to learn unlike units (uniform with deviation 1/sqrt(features), LeCun 1998).</summary>
    public double[] InitialParameters(Random random)
    {
        var parameters = new double[ParameterCount];
        var reach = Math.Sqrt(3.0 / Math.Max(1, features));
        for (var i = HiddenWeights; i < HiddenBias; i++)
        {
            parameters[i] = reach * (2 * random.NextDouble() - 1);
        }

        return parameters;
    }

    public double[] DecayMask()
    {
        var decay = new double[ParameterCount];
        Array.Fill(decay, 1);
        Array.Clear(decay, Bias, outputs);
        Array.Clear(decay, HiddenBias, hidden);
        return decay;
    }

    public int[] ParametersOf(int output) =>
        [.. Enumerable.Range(output * features, features), Bias + output, .. Enumerable.Range(Output + output * hidden, hidden)];

    /// <summary>Fills in what the network has learned; for a network with more outputs than the state needs, the first rows.</summary>
    public GateState ToState(GateState state, ReadOnlySpan<double> parameters, int rows)
    {
        var all = parameters.ToArray();
        return state with
        {
            Weights = Rows(all, 0, rows, features),
            Bias = all[Bias..(Bias + rows)],
            Hidden = hidden == 0 ? null : new GateHiddenLayer(
                Rows(all, HiddenWeights, hidden, features), all[HiddenBias..Output], Rows(all, Output, rows, hidden)),
        };
    }

    /// <summary>What the network has learned, by itself.</summary>
    public GateTable ToTable(ReadOnlySpan<double> parameters)
    {
        var all = parameters.ToArray();
        return new GateTable(Rows(all, 0, outputs, features), all[Bias..HiddenWeights], hidden == 0 ? null : new GateHiddenLayer(
            Rows(all, HiddenWeights, hidden, features), all[HiddenBias..Output], Rows(all, Output, outputs, hidden)));
    }

    /// <summary>The parameters that <see cref="ToTable"/> wrote.</summary>
    public static double[] From(GateTable table) =>
    [
        .. table.Weights.SelectMany(row => row), .. table.Bias,
        .. table.Hidden?.Weights.SelectMany(row => row) ?? [], .. table.Hidden?.Bias ?? [],
        .. table.Hidden?.Output.SelectMany(row => row) ?? [],
    ];

    /// <summary>The parameters that <see cref="ToState"/> wrote.</summary>
    public static double[] From(GateState state) =>
    [
        .. state.Weights.SelectMany(row => row), .. state.Bias,
        .. state.Hidden?.Weights.SelectMany(row => row) ?? [], .. state.Hidden?.Bias ?? [],
        .. state.Hidden?.Output.SelectMany(row => row) ?? [],
    ];

    /// <summary>Cuts rows out of a flat vector.</summary>
    internal static double[][] Rows(double[] parameters, int offset, int rows, int length) =>
        [.. Enumerable.Range(0, rows).Select(row => parameters.AsSpan(offset + row * length, length).ToArray())];

    private static void AddScaled(ReadOnlySpan<double> x, double factor, Span<double> sum) =>
        TensorPrimitives.MultiplyAdd(x, factor, sum, sum);
}
