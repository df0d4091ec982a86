using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Multimodal.Inference.Audio.Backends;
using Multimodal.Inference.Audio.Resampling;
using Multimodal.Inference.Media;

namespace Multimodal.Inference.Audio.Decoding;

/// <summary>
/// Decodes an audio file to mono at a given rate. It works block by block, so that memory grows with the decoded samples and not with the
/// length that the header states. A truncated or damaged file yields the samples before the damage if they last at least
/// <see cref="MinSeconds"/>, because a recording that lost its end can still be analyzed.
/// </summary>
internal static class AudioDecoder
{
    /// <summary>Shortest accepted audio: a quarter of the shortest DTMF tone (40 ms, ITU-T Q.24).</summary>
    public const double MinSeconds = 0.01;

    // Larger than the scale of any unnormalized float file, and small enough that sums of squares do not overflow.
    private const float MaxMagnitude = 1e12f;

    private const int BlockFrames = 4096;

    /// <summary>Decodes all channels, averages them and converts the sample rate.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="limits">The media limits.</param>
    /// <param name="rate">Sample rate of the result, in hertz, at least 1.</param>
    /// <param name="samples">The samples, if the result is true: mono, finite, nominally in [-1, 1].</param>
    /// <param name="failure">The reason why the file is refused, if the result is false.</param>
    /// <returns>False if the file is refused.</returns>
    /// <exception cref="DllNotFoundException">Native decoding is required and a library does not load.</exception>
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
        var backend = AudioBackends.For(limits.AudioDecoder);
        fixed (byte* data = bytes)
        {
            using var reader = AudioInspector.Open(backend, new PinnedBytes(data, bytes.Length).Memory, limits, out _, out failure);
            if (reader is not null)
            {
                failure = Read(backend, reader, limits, rate, out samples);
            }

            return failure is null;
        }
    }

    private static MediaFailure? Read(
        IAudioBackend backend, IAudioReader reader, MediaOptions limits, int rate, out ReadOnlyMemory<float> samples)
    {
        samples = default;
        var (channels, sourceRate) = (reader.Header.Channels, reader.Header.SampleRate);
        var output = new ArrayBufferWriter<float>();
        using var resampler = sourceRate == rate
            ? new PassThroughResampler(output)
            : backend.CreateResampler(sourceRate, rate, output);
        var interleaved = ArrayPool<float>.Shared.Rent(BlockFrames * channels);
        var mono = ArrayPool<float>.Shared.Rent(BlockFrames);
        try
        {
            var (maxFrames, total) = ((long)Math.Ceiling(limits.AudioSeconds * sourceRate), 0L);
            int read;
            while ((read = reader.ReadFrames(interleaved.AsSpan(0, BlockFrames * channels))) > 0)
            {
                total += read;
                if (total > maxFrames)
                {
                    return AudioInspector.TooLong(limits);
                }

                if (!TryMix(interleaved.AsSpan(0, read * channels), channels, mono))
                {
                    return new MediaFailure(
                        MediaFailureCode.Undecodable, "The audio file contains samples that are not finite or larger than 1e12.");
                }

                resampler.Write(mono.AsSpan(0, read));
            }

            if (total < MinSeconds * sourceRate)
            {
                return new MediaFailure(
                    MediaFailureCode.Undecodable,
                    $"The audio file contains less than {MinSeconds * 1000:0} milliseconds of readable audio. Send a longer recording.");
            }

            resampler.Finish();
            samples = output.WrittenMemory;
            return null;
        }
        finally
        {
            ArrayPool<float>.Shared.Return(interleaved);
            ArrayPool<float>.Shared.Return(mono);
        }
    }

    /// <summary>Averages the channels.</summary>
    /// <returns>False if a result is not finite or exceeds the maximum magnitude.</returns>
    private static bool TryMix(ReadOnlySpan<float> interleaved, int channels, Span<float> mono)
    {
        var isValid = true;
        for (var frame = 0; frame * channels < interleaved.Length; frame++)
        {
            var sum = 0f;
            foreach (var sample in interleaved.Slice(frame * channels, channels))
            {
                sum += sample;
            }

            mono[frame] = sum / channels;
            isValid &= Math.Abs(mono[frame]) <= MaxMagnitude; // false for NaN
        }

        return isValid;
    }
}
