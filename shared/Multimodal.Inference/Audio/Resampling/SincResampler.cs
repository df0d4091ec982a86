using System.Buffers;
using System.Numerics.Tensors;

namespace Multimodal.Inference.Audio.Resampling;

/// <summary>Converts sample rates in managed code with a polyphase filter (<see cref="SincFilter"/>) in double precision.</summary>
internal sealed class SincResampler : IResampler
{
    private readonly SincFilter _filter;
    private readonly IBufferWriter<float> _output;
    private readonly int _inputRate;
    private readonly int _outputRate;

    // The _held input samples that the filter still needs, from sample number _first. Silence precedes the input.
    private double[] _window;
    private int _held;
    private long _first;
    private long _read;
    private long _written;

    /// <summary>Starts a stream.</summary>
    public SincResampler(int inputRate, int outputRate, IBufferWriter<float> output)
    {
        (_inputRate, _outputRate, _output) = (inputRate, outputRate, output);
        _filter = SincFilterCache.Get(inputRate, outputRate);
        _held = _filter.Half - 1;
        _first = -_held;
        _window = new double[4 * _filter.Half];
    }

    public void Write(ReadOnlySpan<float> samples)
    {
        _read += samples.Length;
        Append(samples);
        Convert(long.MaxValue);
    }

    public void Finish()
    {
        Append(new float[_filter.Half]);
        Convert(((2 * _read * _outputRate) + _inputRate) / (2L * _inputRate));
    }

    public void Dispose()
    {
    }

    private void Append(ReadOnlySpan<float> samples)
    {
        if (_held + samples.Length > _window.Length)
        {
            Array.Resize(ref _window, Math.Max(2 * _window.Length, _held + samples.Length));
        }

        TensorPrimitives.ConvertTruncating<float, double>(samples, _window.AsSpan(_held, samples.Length));
        _held += samples.Length;
    }

    /// <summary>
    /// Writes the outputs that depend on received inputs only, before number <paramref name="end"/>; drops unneeded inputs.
    /// </summary>
    private void Convert(long end)
    {
        long before;
        while (_written < end && (before = _written * _inputRate / _outputRate) + _filter.Half < _first + _held)
        {
            var inputs = _window.AsSpan((int)(before - _filter.Half + 1 - _first), 2 * _filter.Half);
            _output.GetSpan(1)[0] = (float)Interpolate(inputs, _written * _inputRate % _outputRate);
            _output.Advance(1);
            _written++;
        }

        var unneeded = (int)Math.Clamp((_written * _inputRate / _outputRate) - _filter.Half + 1 - _first, 0, _held);
        _window.AsSpan(unneeded, _held - unneeded).CopyTo(_window);
        (_held, _first) = (_held - unneeded, _first + unneeded);
    }

    /// <summary>
    /// The signal at <paramref name="remainder"/> / output rate of a sample after the middle of <paramref name="inputs"/>.
    /// </summary>
    private double Interpolate(ReadOnlySpan<double> inputs, long remainder)
    {
        var position = remainder * _filter.Steps;
        var (row, rest) = ((int)(position / _outputRate), position % _outputRate);
        var value = TensorPrimitives.Dot(inputs, _filter.Row(row));
        if (rest == 0)
        {
            return value;
        }

        var weight = (double)rest / _outputRate;
        return value + (weight * (TensorPrimitives.Dot(inputs, _filter.Row(row + 1)) - value));
    }
}
