using System.Numerics.Tensors;

namespace Multimodal.Bench.LearningBench;

/// <summary>
/// Network for a view that is a picture: two 3 x 3 convolutions, each with ReLU and 2 x 2 max pooling (LeCun et al. 1998), then a layer of
/// ReLU units. Pooling drops a trailing odd row or column. Parameters: rows of [channels x (9 + bias)], of
/// [channels x (9 x channels below + bias)], then those of the layer.
/// </summary>
internal sealed class ConvolutionNetwork(int height, int width, int labels) : IExpertNetwork
{
    private const int Taps = 9;
    private const int Low = 16;
    private const int High = 32;
    private const int Units = 64;
    private const float Dropout = 0.3f;
    private const int LowRow = Taps + 1;
    private const int Patch = Taps * Low;
    private const int HighRow = Patch + 1;
    private const int HighStart = Low * LowRow;
    private const int LayerStart = HighStart + High * HighRow;

    private int Inputs => height / 4 * (width / 4) * High;

    public int ParameterCount => LayerStart + ReluLayer.ParameterCount(Inputs, Units, labels);

    public void Initialise(Span<float> parameters, Random random)
    {
        ReluLayer.Spread(parameters[..HighStart], Taps, random);
        ReluLayer.Spread(parameters[HighStart..LayerStart], Patch, random);
        ReluLayer.Initialise(parameters[LayerStart..], Inputs, Units, random);
    }

    public IExpertPass Begin() => new Pass(height, width, labels);

    // The picture and the pooled planes have a border of zeros. Pooled planes store cell after cell with their channels adjacent, so that
    // the patch under a window of three rows is three contiguous runs.
    private sealed class Pass(int height, int width, int labels) : IExpertPass
    {
        private readonly float[] _picture = new float[(height + 2) * (width + 2) + 2];
        private readonly float[] _plane = new float[height * (width + 2)];
        private readonly float[] _low = new float[(height / 2 + 2) * (width / 2 + 2) * Low];
        private readonly float[] _lowSlope = new float[(height / 2 + 2) * (width / 2 + 2) * Low];
        private readonly int[] _lowFrom = new int[height / 2 * (width / 2) * Low];
        private readonly float[] _patches = new float[height / 2 * (width / 2) * Patch];
        private readonly float[] _patchSlope = new float[Patch];
        private readonly float[] _high = new float[height / 2 * (width / 2) * High];
        private readonly float[] _top = new float[height / 4 * (width / 4) * High];
        private readonly float[] _topSlope = new float[height / 4 * (width / 4) * High];
        private readonly int[] _topFrom = new int[height / 4 * (width / 4) * High];
        private readonly ReluLayer _layer = new(height / 4 * (width / 4) * High, Units, labels, Dropout);

        private int Stride => width + 2;

        private int LowHeight => height / 2;

        private int LowWidth => width / 2;

        public void Forward(ReadOnlySpan<float> parameters, ReadOnlySpan<float> view, Random? dropout, Span<double> logits)
        {
            for (var y = 0; y < height; y++)
            {
                view.Slice(y * width, width).CopyTo(_picture.AsSpan((y + 1) * Stride + 1));
            }

            for (var channel = 0; channel < Low; channel++)
            {
                ForwardLow(parameters.Slice(channel * LowRow, LowRow), channel);
            }

            ForwardHigh(parameters[HighStart..LayerStart]);
            ReluLayer.Drop(_top, Dropout, dropout);
            _layer.Forward(parameters[LayerStart..], _top, dropout, logits);
        }

        public void Backward(ReadOnlySpan<float> parameters, ReadOnlySpan<double> errors, Span<float> gradient)
        {
            _layer.Backward(parameters[LayerStart..], _top, errors, gradient[LayerStart..], _topSlope);
            Array.Clear(_lowSlope);
            BackwardHigh(parameters[HighStart..LayerStart], gradient[HighStart..LayerStart]);
            BackwardLow(gradient[..HighStart]);
        }

        private void ForwardLow(ReadOnlySpan<float> own, int channel)
        {
            Array.Fill(_plane, own[Taps]);
            for (var tap = 0; tap < Taps; tap++)
            {
                // Rows continue through the border; the sums there are never read.
                ReluLayer.Add(_picture.AsSpan(tap / 3 * Stride + tap % 3, _plane.Length), own[tap], _plane);
            }

            for (var cell = 0; cell < LowHeight * LowWidth; cell++)
            {
                var (y, x) = (cell / LowWidth, cell % LowWidth);
                var at = Largest(_plane, 2 * y * Stride + 2 * x, Stride, 1);
                _low[LowAt(y + 1, x + 1) + channel] = MathF.Max(0, _plane[at]);
                _lowFrom[cell * Low + channel] = at;
            }
        }

        private void ForwardHigh(ReadOnlySpan<float> parameters)
        {
            for (var cell = 0; cell < LowHeight * LowWidth; cell++)
            {
                var patch = _patches.AsSpan(cell * Patch, Patch);
                for (var row = 0; row < 3; row++)
                {
                    _low.AsSpan(LowAt(cell / LowWidth + row, cell % LowWidth), 3 * Low).CopyTo(patch[(3 * row * Low)..]);
                }

                for (var channel = 0; channel < High; channel++)
                {
                    var own = parameters.Slice(channel * HighRow, HighRow);
                    _high[cell * High + channel] = TensorPrimitives.Dot(own[..^1], patch) + own[^1];
                }
            }

            for (var n = 0; n < _top.Length; n++)
            {
                var (y, x, channel) = (n / High / (width / 4), n / High % (width / 4), n % High);
                var at = Largest(_high, (2 * y * LowWidth + 2 * x) * High + channel, LowWidth * High, High);
                _top[n] = MathF.Max(0, _high[at]);
                _topFrom[n] = at;
            }
        }

        private void BackwardHigh(ReadOnlySpan<float> parameters, Span<float> gradient)
        {
            for (var n = 0; n < _top.Length; n++)
            {
                if (_top[n] > 0)
                {
                    // Undo the scaling of inverted dropout.
                    var error = _topSlope[n] / (1 - Dropout);
                    var (cell, channel) = (_topFrom[n] / High, _topFrom[n] % High);
                    ReluLayer.Add(_patches.AsSpan(cell * Patch, Patch), error, gradient.Slice(channel * HighRow, Patch));
                    gradient[channel * HighRow + Patch] += error;
                    TensorPrimitives.Multiply(parameters.Slice(channel * HighRow, Patch), error, _patchSlope);
                    for (var row = 0; row < 3; row++)
                    {
                        var below = _lowSlope.AsSpan(LowAt(cell / LowWidth + row, cell % LowWidth), 3 * Low);
                        TensorPrimitives.Add(below, _patchSlope.AsSpan(3 * row * Low, 3 * Low), below);
                    }
                }
            }
        }

        private void BackwardLow(Span<float> gradient)
        {
            for (var n = 0; n < _lowFrom.Length; n++)
            {
                var (cell, channel) = (n / Low, n % Low);
                var at = LowAt(cell / LowWidth + 1, cell % LowWidth + 1) + channel;
                if (_low[at] > 0)
                {
                    var own = gradient.Slice(channel * LowRow, LowRow);
                    for (var tap = 0; tap < Taps; tap++)
                    {
                        own[tap] += _lowSlope[at] * _picture[_lowFrom[n] + tap / 3 * Stride + tap % 3];
                    }

                    own[Taps] += _lowSlope[at];
                }
            }
        }

        private int LowAt(int y, int x) => (y * (LowWidth + 2) + x) * Low;

        private static int Largest(ReadOnlySpan<float> plane, int at, int down, int right)
        {
            var upper = plane[at] >= plane[at + right] ? at : at + right;
            var lower = plane[at + down] >= plane[at + down + right] ? at + down : at + down + right;
            return plane[upper] >= plane[lower] ? upper : lower;
        }
    }
}
