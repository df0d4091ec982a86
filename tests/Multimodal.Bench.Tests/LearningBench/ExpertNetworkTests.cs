using Multimodal.Bench.LearningBench;

namespace Multimodal.Bench.Tests.LearningBench;

public sealed class ExpertNetworkTests
{
    private const int Height = 9;
    private const int Width = 11;
    private const int Labels = 3;
    private const int Dropped = 9;

    public static TheoryData<string> Networks => ["dense", "convolution"];

    /// <summary>Parameter ranges of single layers: 160 and 4,640 parameters of the two convolutions, then the rest.</summary>
    public static TheoryData<string, int, int> Layers => new()
    {
        { "dense", 0, int.MaxValue },
        { "convolution", 0, 160 },
        { "convolution", 160, 4800 },
        { "convolution", 4800, int.MaxValue },
    };

    /// <summary>Drops the same units each time. A step turns few units on or off, and 90 % of the slopes must agree.</summary>
    [Theory]
    [MemberData(nameof(Layers))]
    public void Backward_RandomParameters_MatchesCentralDifferences(string name, int from, int to)
    {
        var network = Network(name);
        var parameters = Parameters(network);
        var view = Row(Height * Width, 2);
        double[] errors = [0.7, -0.2, -0.5];
        var gradient = new float[parameters.Length];
        var pass = network.Begin();
        pass.Forward(parameters, view, new Random(Dropped), new double[Labels]);
        pass.Backward(parameters, errors, gradient);
        var random = new Random(3);
        var end = Math.Min(to, parameters.Length);
        int[] tried = [.. Enumerable.Range(0, 200).Select(_ => random.Next(from, end)).Where(p => gradient[p] != 0)];
        var largest = gradient[from..end].Max(Math.Abs);
        double[] wrong = [.. tried.Select(p => Math.Abs(Slope(network, parameters, view, errors, p) - gradient[p]) / (0.01 * largest + Math.Abs(gradient[p])))];
        Assert.True(tried.Length > 20);
        Assert.True(wrong.Order().ElementAt(wrong.Length * 9 / 10) < 0.02, string.Join(" ", wrong.Order().TakeLast(20)));
    }

    /// <summary>A direct implementation of the same formulas.</summary>
    [Fact]
    public void Forward_Convolution_IsThatOfLoopsOverEveryPixel()
    {
        var network = Network("convolution");
        var parameters = Parameters(network);
        var view = Row(Height * Width, 5);
        var logits = new double[Labels];
        network.Begin().Forward(parameters, view, null, logits);
        Assert.Equal(Plain(parameters, view), logits, (a, b) => Math.Abs(a - b) < 1e-3);
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Forward_SamePassAgain_SameLogits(string name)
    {
        var network = Network(name);
        var parameters = Parameters(network);
        var pass = network.Begin();
        var (first, again) = (new double[Labels], new double[Labels]);
        pass.Forward(parameters, Row(Height * Width, 6), null, first);
        pass.Forward(parameters, Row(Height * Width, 7), new Random(1), again);
        pass.Forward(parameters, Row(Height * Width, 6), null, again);
        Assert.Equal(first, again);
    }

    private static IExpertNetwork Network(string name) =>
        name == "dense" ? new DenseNetwork(Height * Width, Labels) : new ConvolutionNetwork(Height, Width, Labels);

    private static float[] Parameters(IExpertNetwork network) => [.. Row(network.ParameterCount, 1).Select(x => 0.2f * x)];

    private static double Slope(IExpertNetwork network, float[] parameters, float[] view, double[] errors, int at)
    {
        // A larger step crosses kinks in the first layer, whose weights affect every cell. A smaller step is lost in float rounding.
        const float Step = 2e-3f;
        double Loss(float by)
        {
            float[] moved = [.. parameters];
            moved[at] += by;
            var logits = new double[Labels];
            network.Begin().Forward(moved, view, new Random(Dropped), logits);
            return logits.Zip(errors, (logit, error) => logit * error).Sum();
        }

        return (Loss(Step) - Loss(-Step)) / (2 * Step);
    }

    private static double[] Plain(float[] parameters, float[] view)
    {
        var at = 0;
        double[][,] picture = [new double[Height, Width]];
        for (var p = 0; p < view.Length; p++)
        {
            picture[0][p / Width, p % Width] = view[p];
        }

        var low = Reduced(Convolved(picture, parameters, ref at, 16));
        var high = Reduced(Convolved(low, parameters, ref at, 32));
        double[] top = [.. from y in Enumerable.Range(0, Height / 4) from x in Enumerable.Range(0, Width / 4) from plane in high select plane[y, x]];
        var units = Linear(top, parameters, ref at, 64);
        return Linear([.. units.Select(u => Math.Max(0, u))], parameters, ref at, Labels);
    }

    // Weights of a channel: for each tap the input channels, then the bias.
    private static double[][,] Convolved(double[][,] below, float[] parameters, ref int at, int channels)
    {
        var (height, width) = (below[0].GetLength(0), below[0].GetLength(1));
        var planes = new double[channels][,];
        for (var channel = 0; channel < channels; channel++)
        {
            planes[channel] = new double[height, width];
            for (var y = 0; y < height; y++)
            {
                for (var x = 0; x < width; x++)
                {
                    double sum = parameters[at + 9 * below.Length];
                    for (var tap = 0; tap < 9; tap++)
                    {
                        var (v, u) = (y + tap / 3 - 1, x + tap % 3 - 1);
                        for (var c = 0; c < below.Length && v >= 0 && v < height && u >= 0 && u < width; c++)
                        {
                            sum += parameters[at + tap * below.Length + c] * below[c][v, u];
                        }
                    }

                    planes[channel][y, x] = Math.Max(0, sum);
                }
            }

            at += 9 * below.Length + 1;
        }

        return planes;
    }

    private static double[][,] Reduced(double[][,] planes) => [.. planes.Select(plane =>
    {
        var half = new double[plane.GetLength(0) / 2, plane.GetLength(1) / 2];
        for (var y = 0; y < half.GetLength(0); y++)
        {
            for (var x = 0; x < half.GetLength(1); x++)
            {
                half[y, x] = new[] { plane[2 * y, 2 * x], plane[2 * y, 2 * x + 1], plane[2 * y + 1, 2 * x], plane[2 * y + 1, 2 * x + 1] }.Max();
            }
        }

        return half;
    })];

    private static double[] Linear(double[] input, float[] parameters, ref int at, int outputs)
    {
        var values = new double[outputs];
        for (var o = 0; o < outputs; o++)
        {
            values[o] = parameters[at + input.Length];
            for (var i = 0; i < input.Length; i++)
            {
                values[o] += parameters[at + i] * input[i];
            }

            at += input.Length + 1;
        }

        return values;
    }

    private static float[] Row(int length, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, length).Select(_ => (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())))];
    }
}
