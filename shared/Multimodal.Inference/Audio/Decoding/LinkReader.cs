using System.Buffers;
using Multimodal.Inference.Audio.Backends;
using Multimodal.Inference.Audio.Backends.Ffmpeg;
using Multimodal.Inference.Audio.Formats;
using Multimodal.Inference.Audio.Resampling;
using Multimodal.Inference.Media;

namespace Multimodal.Inference.Audio.Decoding;

/// <summary>Reads the recordings of a file one after the other, each to mono samples at one rate.</summary>
internal sealed class LinkReader(AudioOpener opener, MediaOptions limits, int rate)
{
    private const int BlockFrames = 4096;
    private const double MaxExpectedSeconds = 60;

    private double _pending;

    /// <summary>Duration of the accepted recordings in seconds.</summary>
    public double Seconds { get; private set; }

    /// <summary>The channel to use instead of the mean in the last recording; null if the mean is right.</summary>
    public int? Loudest { get; private set; }

    /// <summary>Adds the last recording to <see cref="Seconds"/>.</summary>
    public void Accept() => Seconds += _pending;

    /// <summary>Reads a recording.</summary>
    /// <param name="file">The file that contains it.</param>
    /// <param name="reader">Its reader, at the start.</param>
    /// <param name="channel">The channel to use; null for the mean of all.</param>
    /// <param name="samples">The samples, if the result is null.</param>
    /// <returns>Null, or the reason why the file is refused.</returns>
    public MediaFailure? Read(AudioFile file, IAudioReader reader, int? channel, out ReadOnlyMemory<float> samples)
    {
        samples = default;
        var sourceRate = reader.Header.SampleRate;
        var output = new ArrayBufferWriter<float>(ExpectedSamples(reader.Header));
        using var resampler = sourceRate == rate
            ? new PassThroughResampler(output)
            : opener.Backend.CreateResampler(sourceRate, rate, output);
        var mix = new ChannelMix(reader.Header.Channels, channel);
        var failure = Read(reader, mix, resampler);
        failure ??= reader is FfmpegReader { IsKilled: true } ? opener.TooCostly(file) : null;
        if (failure is null)
        {
            resampler.Finish();
            (Loudest, samples) = (mix.Loudest, output.WrittenMemory);
        }

        return failure;
    }

    /// <summary>The number of samples that the header states, for at most a minute because it may be false, and what the last block of a resampler needs.</summary>
    private int ExpectedSamples(in AudioHeader header) =>
        BlockFrames + (int)(Math.Clamp(header.Seconds ?? 0, 0, Math.Clamp(limits.AudioSeconds - Seconds, 0, MaxExpectedSeconds)) * rate);

    private MediaFailure? Read(IAudioReader reader, ChannelMix mix, IResampler resampler)
    {
        var channels = reader.Header.Channels;
        var interleaved = ArrayPool<float>.Shared.Rent(BlockFrames * channels);
        var mono = ArrayPool<float>.Shared.Rent(BlockFrames);
        try
        {
            var (maxFrames, total, read) = ((long)Math.Ceiling((limits.AudioSeconds - Seconds) * reader.Header.SampleRate), 0L, 0);
            while ((read = reader.ReadFrames(interleaved.AsSpan(0, BlockFrames * channels))) > 0)
            {
                total += read;
                if (total > maxFrames)
                {
                    return opener.TooLong();
                }

                if (!mix.TryMix(interleaved.AsSpan(0, read * channels), mono))
                {
                    return new MediaFailure(
                        MediaFailureCode.Undecodable,
                        "The audio file contains samples that are not finite or larger than 1e12. Convert the file to 16-bit WAV.");
                }

                resampler.Write(mono.AsSpan(0, read));
            }

            _pending = (double)total / reader.Header.SampleRate;
            return null;
        }
        finally
        {
            ArrayPool<float>.Shared.Return(interleaved);
            ArrayPool<float>.Shared.Return(mono);
        }
    }
}
