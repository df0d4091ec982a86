using System.Runtime.Intrinsics;

namespace Multimodal.Inference.Audio.Features;

/// <summary>Computes power spectra of real frames: Hann window and radix-2 fast Fourier transform (Cooley and Tukey 1965).</summary>
internal sealed class PowerSpectrum
{
    private readonly double[] _window;

    /// <summary>The sample that each position starts with: its own index with the bits reversed.</summary>
    private readonly int[] _source;

    /// <summary>The factors of all stages. Those of the stage that joins transforms of length <c>half</c> start at <c>half - 1</c>.</summary>
    private readonly double[] _cosine;
    private readonly double[] _sine;
    private readonly double[] _real;
    private readonly double[] _imaginary;

    /// <summary>Creates a transform.</summary>
    /// <param name="size">Samples in a frame, a power of two.</param>
    public PowerSpectrum(int size)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(size & (size - 1), 0);
        var bits = int.TrailingZeroCount(size);
        (_window, _source, _real, _imaginary) = (new double[size], new int[size], new double[size], new double[size]);
        (_cosine, _sine) = (new double[size], new double[size]);
        for (var i = 0; i < size; i++)
        {
            _window[i] = 0.5 - (0.5 * Math.Cos(2 * Math.PI * i / size));
            _source[i] = bits == 0 ? 0 : (int)(Reverse((uint)i) >> (32 - bits));
        }

        for (var half = 1; half < size; half *= 2)
        {
            for (var k = 0; k < half; k++)
            {
                (_sine[half - 1 + k], _cosine[half - 1 + k]) = Math.SinCos(-Math.PI * k / half);
            }
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
        for (var i = 0; i < Size; i++)
        {
            var source = _source[i];
            _real[i] = source < frame.Length ? frame[source] * _window[source] : 0;
            _imaginary[i] = 0;
        }

        for (var half = 1; half < Size; half *= 2)
        {
            for (var start = 0; start < Size; start += 2 * half)
            {
                Join(half, start);
            }
        }

        for (var k = 0; k <= Size / 2; k++)
        {
            power[k] += (_real[k] * _real[k]) + (_imaginary[k] * _imaginary[k]);
        }
    }

    /// <summary>Joins the transforms of the even and the odd samples to one of twice the length.</summary>
    private void Join(int half, int start)
    {
        Span<double> evenReal = _real.AsSpan(start, half), evenImaginary = _imaginary.AsSpan(start, half);
        Span<double> oddReal = _real.AsSpan(start + half, half), oddImaginary = _imaginary.AsSpan(start + half, half);
        ReadOnlySpan<double> cosine = _cosine.AsSpan(half - 1, half), sine = _sine.AsSpan(half - 1, half);
        var k = 0;
        for (; k <= half - Vector256<double>.Count; k += Vector256<double>.Count)
        {
            Vector256<double> c = Vector256.Create(cosine[k..]), s = Vector256.Create(sine[k..]);
            Vector256<double> oddR = Vector256.Create<double>(oddReal[k..]), oddI = Vector256.Create<double>(oddImaginary[k..]);
            Vector256<double> evenR = Vector256.Create<double>(evenReal[k..]), evenI = Vector256.Create<double>(evenImaginary[k..]);
            Vector256<double> real = (oddR * c) - (oddI * s), imaginary = (oddR * s) + (oddI * c);
            (evenR - real).CopyTo(oddReal[k..]);
            (evenI - imaginary).CopyTo(oddImaginary[k..]);
            (evenR + real).CopyTo(evenReal[k..]);
            (evenI + imaginary).CopyTo(evenImaginary[k..]);
        }

        for (; k < half; k++)
        {
            var real = (oddReal[k] * cosine[k]) - (oddImaginary[k] * sine[k]);
            var imaginary = (oddReal[k] * sine[k]) + (oddImaginary[k] * cosine[k]);
            (oddReal[k], oddImaginary[k]) = (evenReal[k] - real, evenImaginary[k] - imaginary);
            (evenReal[k], evenImaginary[k]) = (evenReal[k] + real, evenImaginary[k] + imaginary);
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
