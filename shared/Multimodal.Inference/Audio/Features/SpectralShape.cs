using System.Collections.Concurrent;
using System.Numerics.Tensors;

namespace Multimodal.Inference.Audio.Features;

/// <summary>Statistics of the spectrum of a recording. All values are finite, also for silence.</summary>
internal sealed class SpectralShape
{
    /// <summary>Transforms by size. Each has tables that cost as much as many frames.</summary>
    private static readonly ConcurrentDictionary<int, ThreadLocal<PowerSpectrum>> Spectra = [];

    private readonly double[] _mean;
    private readonly double _binHertz;
    private readonly double _total;

    private SpectralShape(double[] mean, double binHertz)
    {
        (_mean, _binHertz) = (mean, binHertz);
        _total = mean.Sum() + 1e-12;
    }

    /// <summary>Geometric mean over arithmetic mean of the power, averaged over frames: 0 for a tone, about 0.56 for white noise.</summary>
    public double Flatness { get; private set; }

    /// <summary>Change of the normalized spectrum between frames, in [0, 1]: half the sum of the absolute differences.</summary>
    public double Flux { get; private set; }

    /// <summary>Mean frequency weighted by power, in hertz.</summary>
    public double Centroid { get; private set; }

    /// <summary>Frequency below which 85 % of the power lies, in hertz.</summary>
    public double Rolloff { get; private set; }

    /// <summary>Share of the power, in [0, 1], in the two strongest peaks of the mean spectrum, three bins each.</summary>
    public double Tonality { get; private set; }

    /// <summary>Analyzes at most <paramref name="maxFrames"/> evenly spaced frames of <paramref name="size"/> samples.</summary>
    public static SpectralShape Of(ReadOnlySpan<double> samples, int rate, int size, int maxFrames)
    {
        var hop = Math.Max(size / 2, (samples.Length - size) / maxFrames);
        var bins = (size / 2) + 1;
        var spectrum = Spectra.GetOrAdd(size, static size => new ThreadLocal<PowerSpectrum>(() => new PowerSpectrum(size))).Value!;
        var (mean, power, last, logs) = (new double[bins], new double[bins], new double[bins], new double[bins]);
        var (frames, flatness, flux) = (0, 0.0, 0.0);
        for (var start = 0; start == 0 || start + size <= samples.Length; start += hop)
        {
            Array.Clear(power);
            spectrum.AddPower(samples[start..Math.Min(start + size, samples.Length)], power);
            flatness += FlatnessOf(power, logs);
            TensorPrimitives.Add(mean, power, mean);
            TensorPrimitives.Divide(power, TensorPrimitives.Sum<double>(power) + 1e-12, power);
            TensorPrimitives.Subtract(last, power, last);
            flux += frames > 0 ? TensorPrimitives.SumOfMagnitudes<double>(last) / 2 : 0;
            (power, last) = (last, power);
            frames++;
        }

        var shape = new SpectralShape(mean, (double)rate / size) { Flatness = flatness / frames, Flux = flux / Math.Max(1, frames - 1) };
        shape.Describe();
        return shape;
    }

    /// <summary>Share of the power between two frequencies, in [0, 1].</summary>
    public double Share(double lowHertz, double highHertz)
    {
        var sum = 0.0;
        for (var bin = (int)Math.Ceiling(lowHertz / _binHertz); bin < _mean.Length && bin * _binHertz < highHertz; bin++)
        {
            sum += _mean[bin];
        }

        return sum / _total;
    }

    /// <param name="power">The power of all bins. The first one, the mean of the frame, does not count.</param>
    /// <param name="buffer">As many elements.</param>
    private static double FlatnessOf(ReadOnlySpan<double> power, Span<double> buffer)
    {
        var logs = buffer[1..];
        TensorPrimitives.Add(power[1..], 1e-12, logs);
        var mean = TensorPrimitives.Sum<double>(logs) / logs.Length;
        TensorPrimitives.Log(logs, logs);
        return Math.Exp(TensorPrimitives.Sum<double>(logs) / logs.Length) / mean;
    }

    private void Describe()
    {
        var (moment, below) = (0.0, 0.0);
        for (var bin = 0; bin < _mean.Length; bin++)
        {
            moment += bin * _binHertz * _mean[bin];
            below += _mean[bin];
            Rolloff = below < 0.85 * _total ? bin * _binHertz : Rolloff;
        }

        Centroid = moment / _total;
        Tonality = PeakShares();
    }

    private double PeakShares()
    {
        double[] rest = [.. _mean];
        var share = 0.0;
        for (var peak = 0; peak < 2; peak++)
        {
            var top = Array.IndexOf(rest, rest.Max());
            for (var bin = Math.Max(0, top - 1); bin <= Math.Min(rest.Length - 1, top + 1); bin++)
            {
                share += rest[bin] / _total;
                rest[bin] = 0;
            }
        }

        return share;
    }
}
