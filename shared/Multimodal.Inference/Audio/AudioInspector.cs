using System.Diagnostics.CodeAnalysis;
using Multimodal.Contracts.Values;
using Multimodal.Inference.Media;

namespace Multimodal.Inference.Audio;

/// <summary>Looks at a sound file without decoding it: its type from the bytes, the rest from its header.</summary>
public static class AudioInspector
{
    internal const int MinRate = 1_000;
    internal const int MaxRate = 768_000;
    internal const int MaxChannels = 64;

    // libsndfile says "unknown" (a FLAC stream of unstated length) with the largest count.
    private const long UnknownFrames = long.MaxValue;

    /// <summary>Finds type, duration, rate and channels, and refuses what the limits forbid.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="limits">Bytes and seconds allowed.</param>
    /// <param name="info">What the header says, on true. <c>Seconds</c> is null where the header leaves it open.</param>
    /// <param name="failure">Why the file is refused, on false.</param>
    public static unsafe bool TryInspect(
        ReadOnlySpan<byte> bytes,
        MediaOptions limits,
        [NotNullWhen(true)] out MediaInfo? info,
        [NotNullWhen(false)] out MediaFailure? failure)
    {
        ArgumentNullException.ThrowIfNull(limits);
        info = null;
        if (!TryMediaType(bytes, limits, out var mediaType, out failure))
        {
            return false;
        }

        fixed (byte* data = bytes)
        {
            var memory = new SoundFile.Memory { Data = data, Length = bytes.Length };
            using var file = SoundFile.Open(&memory);
            if (!TryCheckHeader(file, limits, out var seconds, out failure))
            {
                return false;
            }

            info = new MediaInfo
            {
                Modality = Modality.Audio,
                MediaType = mediaType,
                Length = bytes.Length,
                Seconds = seconds,
                SampleRate = file.Info.SampleRate,
                Channels = file.Info.Channels,
            };
            return true;
        }
    }

    /// <summary>The checks that need no decoder.</summary>
    internal static bool TryMediaType(
        ReadOnlySpan<byte> bytes,
        MediaOptions limits,
        [NotNullWhen(true)] out string? mediaType,
        [NotNullWhen(false)] out MediaFailure? failure)
    {
        (mediaType, failure) = (null, null);
        if (bytes.IsEmpty)
        {
            failure = new MediaFailure(MediaFailureCode.Empty, "The sound file has no bytes.");
        }
        else if (bytes.Length > limits.AudioBytes)
        {
            failure = new MediaFailure(
                MediaFailureCode.TooLarge, $"The sound file has {bytes.Length:N0} bytes; at most {limits.AudioBytes:N0} are taken.");
        }
        else if ((mediaType = AudioSniffer.MediaType(bytes)) is null)
        {
            failure = new MediaFailure(
                MediaFailureCode.UnsupportedType, "The bytes are no sound file of a known type; WAV, FLAC, OGG Vorbis, Opus, MP3 and AIFF are taken.");
        }

        return mediaType is not null && failure is null;
    }

    /// <summary>The checks on what the header says. <paramref name="seconds"/> is null where it does not state a length.</summary>
    internal static bool TryCheckHeader(
        scoped in SoundFile file, MediaOptions limits, out double? seconds, [NotNullWhen(false)] out MediaFailure? failure)
    {
        (seconds, failure) = (null, null);
        var header = file.Info;
        if (!file.IsOpen)
        {
            failure = new MediaFailure(MediaFailureCode.Undecodable, "The sound file's header is broken or its encoding is unknown.");
            return false;
        }

        if (header.SampleRate is < MinRate or > MaxRate || header.Channels is < 1 or > MaxChannels)
        {
            failure = new MediaFailure(
                MediaFailureCode.Undecodable,
                $"The header states {header.SampleRate} samples per second and {header.Channels} channels; "
                + $"{MinRate:N0} to {MaxRate:N0} and 1 to {MaxChannels} are taken.");
            return false;
        }

        if (header.Frames == UnknownFrames)
        {
            return true;
        }

        seconds = (double)header.Frames / header.SampleRate;
        if (seconds > limits.AudioSeconds)
        {
            failure = TooLong(limits);
        }
        else if (header.Frames <= 0)
        {
            failure = new MediaFailure(MediaFailureCode.Undecodable, "The sound file holds no samples.");
        }

        return failure is null;
    }

    internal static MediaFailure TooLong(MediaOptions limits) =>
        new(MediaFailureCode.TooLarge, $"The sound is longer than the {limits.AudioSeconds:0.#} seconds that are taken.");
}
