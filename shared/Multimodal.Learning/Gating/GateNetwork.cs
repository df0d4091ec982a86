using System.Numerics.Tensors;

namespace Multimodal.Learning.Gating;

/// <summary>
/// outputs = W z + b + V tanh(U z + c); without hidden units only the linear part. Parameters in one vector, in this order:
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

    public void Forward(ReadOnlySpan<double> parameters, ReadOnlySpan<double> input, Span<double> units, Span<double> outputs)
    {
        for (var h = 0; h < hidden; h++)
        {
            var row = parameters.Slice(HiddenWeights + h * features, features);
            units[h] = Math.Tanh(TensorPrimitives.Dot(row, input) + parameters[HiddenBias + h]);
        }

        for (var o = 0; o < Outputs; o++)
        {
            var output = TensorPrimitives.Dot(parameters.Slice(o * features, features), input) + parameters[Bias + o];
            if (hidden > 0)
            {
                output += TensorPrimitives.Dot(parameters.Slice(Output + o * hidden, hidden), units[..hidden]);
            }

            outputs[o] = output;
        }
    }

    public void Backward(
        ReadOnlySpan<double> parameters, ReadOnlySpan<double> input, ReadOnlySpan<double> units,
        ReadOnlySpan<double> outputGradient, Span<double> gradient)
    {
        for (var o = 0; o < outputs; o++)
        {
            if (outputGradient[o] == 0)
            {
                continue;
            }

            AddScaled(input, outputGradient[o], gradient.Slice(o * features, features));
            gradient[Bias + o] += outputGradient[o];
            AddScaled(units[..hidden], outputGradient[o], gradient.Slice(Output + o * hidden, hidden));
        }

        for (var h = 0; h < hidden; h++)
        {
            double error = 0;
            for (var o = 0; o < outputs; o++)
            {
                error += outputGradient[o] * parameters[Output + o * hidden + h];
            }

            error *= 1 - units[h] * units[h];
            AddScaled(input, error, gradient.Slice(HiddenWeights + h * features, features));
            gradient[HiddenBias + h] += error;
        }
    }

    /// <summary>
    /// All zero except U, whose rows must differ so that the units learn different functions: uniform with standard deviation
    /// 1/sqrt(features) (LeCun 1998).
    /// </summary>
    public double[] InitialParameters(Random random)
    {
        var parameters = new double[ParameterCount];
        var bound = Math.Sqrt(3.0 / Math.Max(1, features));
        for (var i = HiddenWeights; i < HiddenBias; i++)
        {
            parameters[i] = bound * (2 * random.NextDouble() - 1);
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

    /// <summary>A state with these parameters.</summary>
    /// <param name="state">Version, experts and scaling.</param>
    /// <param name="parameters">Parameters of this network.</param>
    /// <param name="rows">Number of outputs that the state keeps; the others are only used in training.</param>
    public GateState ToState(GateState state, ReadOnlySpan<double> parameters, int rows)
    {
        var all = parameters.ToArray();
        return state with
        {
            Weights = Rows(all, 0, rows, features),
            Bias = all[Bias..(Bias + rows)],
            Hidden = HiddenLayer(all, rows),
        };
    }

    /// <summary>A table with these parameters.</summary>
    public GateTable ToTable(ReadOnlySpan<double> parameters)
    {
        var all = parameters.ToArray();
        return new GateTable(Rows(all, 0, outputs, features), all[Bias..HiddenWeights], HiddenLayer(all, outputs));
    }

    /// <summary>The parameters that <see cref="ToTable"/> wrote.</summary>
    public static double[] From(GateTable table) => [.. table.Weights.SelectMany(row => row), .. table.Bias, .. From(table.Hidden)];

    /// <summary>The parameters that <see cref="ToState"/> wrote.</summary>
    public static double[] From(GateState state) => [.. state.Weights.SelectMany(row => row), .. state.Bias, .. From(state.Hidden)];

    /// <summary>Cuts rows out of a vector.</summary>
    internal static double[][] Rows(double[] parameters, int offset, int rows, int length) =>
        [.. Enumerable.Range(0, rows).Select(row => parameters.AsSpan(offset + row * length, length).ToArray())];

    private GateHiddenLayer? HiddenLayer(double[] parameters, int rows) => hidden == 0 ? null : new GateHiddenLayer(
        Rows(parameters, HiddenWeights, hidden, features), parameters[HiddenBias..Output], Rows(parameters, Output, rows, hidden));

    private static IEnumerable<double> From(GateHiddenLayer? layer) => layer is null
        ? []
        : [.. layer.Weights.SelectMany(row => row), .. layer.Bias, .. layer.Output.SelectMany(row => row)];

    private static void AddScaled(ReadOnlySpan<double> x, double factor, Span<double> sum) =>
        TensorPrimitives.MultiplyAdd(x, factor, sum, sum);
}
