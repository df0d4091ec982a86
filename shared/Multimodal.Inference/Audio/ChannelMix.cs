namespace Multimodal.Inference.Audio;

/// <summary>
/// Mixes channels to one. The mean of the channels is used, unless they cancel each other: then it holds nothing that a listener hears, and
/// the loudest channel is used instead (decision 0116).
/// </summary>
internal sealed class ChannelMix
{
    // The sum of the channels has at least the energy of the loudest one unless they are related. A quarter is 6 decibels below.
    private const double MinShare = 0.25;

    // Larger than the scale of any unnormalized float file, and small enough that sums of squares do not overflow.
    private const float MaxMagnitude = 1e12f;

    private readonly int _channels;
    private readonly int? _only;

    // The sums of samples and of their squares: for each channel, and last for the sum of the channels.
    private readonly double[] _sums;
    private readonly double[] _squares;
    private long _frames;

    /// <summary>Creates a mix.</summary>
    /// <param name="channels">Number of channels.</param>
    /// <param name="only">The channel to use; null for the mean of all.</param>
    public ChannelMix(int channels, int? only = null)
    {
        (_channels, _only) = (channels, only);
        (_sums, _squares) = (new double[channels + 1], new double[channels + 1]);
    }

    /// <summary>
    /// The loudest channel, if the mean of the channels is of no use because they cancel each other; else null. A constant offset of a
    /// channel does not count.
    /// </summary>
    public int? Loudest
    {
        get
        {
            if (_channels < 2 || _only is not null)
            {
                return null;
            }

            var loudest = Enumerable.Range(0, _channels).MaxBy(Energy);
            return Energy(_channels) < MinShare * Energy(loudest) ? loudest : null;
        }
    }

    /// <summary>Mixes a block.</summary>
    /// <param name="interleaved">The samples, channels interleaved.</param>
    /// <param name="mono">Receives the mixed samples.</param>
    /// <returns>False if a sample is not finite or exceeds the maximum magnitude.</returns>
    public bool TryMix(ReadOnlySpan<float> interleaved, Span<float> mono)
    {
        var isValid = true;
        for (var frame = 0; frame * _channels < interleaved.Length; frame++)
        {
            var samples = interleaved.Slice(frame * _channels, _channels);
            var sum = 0f;
            for (var channel = 0; channel < samples.Length; channel++)
            {
                sum += samples[channel];
                Add(channel, samples[channel]);
            }

            Add(_channels, sum);
            mono[frame] = _only is { } only ? samples[only] : sum / _channels;
            isValid &= Math.Abs(mono[frame]) <= MaxMagnitude; // false for NaN
        }

        _frames += interleaved.Length / _channels;
        return isValid;
    }

    private void Add(int index, double value)
    {
        _sums[index] += value;
        _squares[index] += value * value;
    }

    private double Energy(int index) => _squares[index] - (_sums[index] * _sums[index] / Math.Max(1, _frames));
}
