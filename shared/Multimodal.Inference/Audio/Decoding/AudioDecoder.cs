using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Multimodal.Inference.Audio.Backends;
using Multimodal.Inference.Audio.Resampling;
using Multimodal.Inference.Media;

namespace Multimodal.Inference.Audio.Decoding;

/// <summary>
/// Decodes a sound file to mono at one rate, block by block: memory grows with what is really decoded, never with what the
/// header claims. A truncated or damaged file yields what precedes the damage, if that is at least <see cref="MinSeconds"/>:
/// an upload that lost its last bytes is still worth judging.
/// </summary>
internal static class AudioDecoder
{
    /// <summary>Less sound than this is refused; a quarter of the shortest key tone (40 ms, ITU-T Q.24).</summary>
    public const double MinSeconds = 0.01;

    // Far above any integer scale that unnormalised float files use, far below where sums of squares overflow.
    private const float MaxMagnitude = 1e12f;

    private const int BlockFrames = 4096;

    /// <summary>Decodes all channels, takes their mean and converts the rate.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="limits">Bytes and seconds allowed.</param>
    /// <param name="rate">Samples per second wanted.</param>
    /// <param name="samples">Mono, finite, nominally -1 to 1, on true.</param>
    /// <param name="failure">Why not, on false.</param>
    public static unsafe bool TryDecode(
        ReadOnlySpan<byte> bytes,
        MediaOptions limits,
        int rate,
        out ReadOnlyMemory<float> samples,
        [NotNullWhen(false)] out MediaFailure? failure)
    {
        ArgumentNullException.ThrowIfNull(limits);
        ArgumentOutOfRangeException.ThrowIfLessThan(rate, 1);
        samples = default;
        var decoder = AudioBackends.For(limits.AudioDecoder);
        if (!AudioInspector.TryMediaType(bytes, limits, decoder, out var mediaType, out failure))
        {
            return false;
        }

        fixed (byte* data = bytes)
        {
            using var file = decoder.Open(new PinnedBytes(data, bytes.Length).Memory, mediaType, out var unread);
            return AudioInspector.TryCheckHeader(file, unread, decoder, limits, out _, out failure)
                && TryReadAll(decoder, file, limits, rate, out samples, out failure);
        }
    }

    private static bool TryReadAll(
        IAudioBackend decoder,
        IAudioReader file,
        MediaOptions limits,
        int rate,
        out ReadOnlyMemory<float> samples,
        [NotNullWhen(false)] out MediaFailure? failure)
    {
        (samples, failure) = (default, null);
        var (channels, source) = (file.Header.Channels, file.Header.SampleRate);
        var output = new ArrayBufferWriter<float>();
        using var resampler = source == rate ? new PassThroughResampler(output) : decoder.Resample(source, rate, output);
        var interleaved = ArrayPool<float>.Shared.Rent(BlockFrames * channels);
        var mono = ArrayPool<float>.Shared.Rent(BlockFrames);
        try
        {
            var (most, total) = ((long)Math.Ceiling(limits.AudioSeconds * source), 0L);
            int read;
            while ((read = file.ReadFrames(interleaved.AsSpan(0, BlockFrames * channels))) > 0)
            {
                total += read;
                if (total > most)
                {
                    failure = AudioInspector.TooLong(limits);
                    return false;
                }

                if (!TryMix(interleaved.AsSpan(0, read * channels), channels, mono))
                {
                    failure = new MediaFailure(MediaFailureCode.Undecodable, "The sound file has samples that are not finite numbers.");
                    return false;
                }

                resampler.Write(mono.AsSpan(0, read));
            }

            if (total < MinSeconds * source)
            {
                failure = new MediaFailure(
                    MediaFailureCode.Undecodable, $"The sound file has less than {MinSeconds * 1000:0} milliseconds of readable sound.");
                return false;
            }

            resampler.Finish();
            samples = output.WrittenMemory;
            return true;
        }
        finally
        {
            ArrayPool<float>.Shared.Return(interleaved);
            ArrayPool<float>.Shared.Return(mono);
        }
    }

    /// <summary>Mean over the channels; false when a result is not a finite number of sane size.</summary>
    private static bool TryMix(ReadOnlySpan<float> interleaved, int channels, Span<float> mono)
    {
        var finite = true;
        for (var frame = 0; frame * channels < interleaved.Length; frame++)
        {
            var sum = 0f;
            foreach (var sample in interleaved.Slice(frame * channels, channels))
            {
                sum += sample;
            }

            mono[frame] = sum / channels;
            finite &= Math.Abs(mono[frame]) <= MaxMagnitude; // false for NaN
        }

        return finite;
    }
}
