namespace Multimodal.Inference.Audio.Features;

/// <summary>Computes power spectra of real frames: Hann window and radix-2 fast Fourier transform (Cooley and Tukey 1965).</summary>
internal sealed class PowerSpectrum
{
    private readonly double[] _window;
    private readonly double[] _cosine;
    private readonly double[] _sine;
    private readonly double[] _real;
    private readonly double[] _imaginary;

    /// <summary>Creates a transform.</summary>
    /// <param name="size">Samples in a frame, a power of two.</param>
    public PowerSpectrum(int size)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(size & (size - 1), 0);
        (_window, _real, _imaginary) = (new double[size], new double[size], new double[size]);
        (_cosine, _sine) = (new double[size / 2], new double[size / 2]);
        for (var i = 0; i < size; i++)
        {
            _window[i] = 0.5 - (0.5 * Math.Cos(2 * Math.PI * i / size));
        }

        for (var i = 0; i < size / 2; i++)
        {
            (_sine[i], _cosine[i]) = Math.SinCos(-2 * Math.PI * i / size);
        }
    }

    /// <summary>Samples in a frame.</summary>
    public int Size => _window.Length;

    /// <summary>
    /// Adds |X[k]|^2 for k = 0 .. Size / 2 to <paramref name="power"/>, where X is the transform of the windowed frame. A short frame is
    /// padded with zeros.
    /// </summary>
    public void AddPower(ReadOnlySpan<double> frame, Span<double> power)
    {
        var bits = int.TrailingZeroCount(Size);
        for (var i = 0; i < Size; i++)
        {
            var source = (int)(Reverse((uint)i) >> (32 - bits));
            _real[i] = source < frame.Length ? frame[source] * _window[source] : 0;
            _imaginary[i] = 0;
        }

        for (var half = 1; half < Size; half *= 2)
        {
            var step = Size / (2 * half);
            for (var start = 0; start < Size; start += 2 * half)
            {
                for (var k = 0; k < half; k++)
                {
                    var (a, b) = (start + k, start + k + half);
                    var real = (_real[b] * _cosine[k * step]) - (_imaginary[b] * _sine[k * step]);
                    var imaginary = (_real[b] * _sine[k * step]) + (_imaginary[b] * _cosine[k * step]);
                    (_real[b], _imaginary[b]) = (_real[a] - real, _imaginary[a] - imaginary);
                    (_real[a], _imaginary[a]) = (_real[a] + real, _imaginary[a] + imaginary);
                }
            }
        }

        for (var k = 0; k <= Size / 2; k++)
        {
            power[k] += (_real[k] * _real[k]) + (_imaginary[k] * _imaginary[k]);
        }
    }

    private static uint Reverse(uint value)
    {
        value = ((value >> 1) & 0x55555555) | ((value & 0x55555555) << 1);
        value = ((value >> 2) & 0x33333333) | ((value & 0x33333333) << 2);
        value = ((value >> 4) & 0x0F0F0F0F) | ((value & 0x0F0F0F0F) << 4);
        return System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(value);
    }
}
