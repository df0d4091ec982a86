using System.Diagnostics.CodeAnalysis;
using Multimodal.Contracts.Values;
using Multimodal.Inference.Audio.Backends;
using Multimodal.Inference.Audio.Formats;
using Multimodal.Inference.Media;

namespace Multimodal.Inference.Audio.Decoding;

/// <summary>Looks at a sound file without decoding it: its type from the bytes, the rest from its header.</summary>
public static class AudioInspector
{
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
        var decoder = AudioBackends.For(limits.AudioDecoder);
        if (!TryMediaType(bytes, limits, decoder, out var mediaType, out failure))
        {
            return false;
        }

        fixed (byte* data = bytes)
        {
            using var file = decoder.Open(new PinnedBytes(data, bytes.Length).Memory, mediaType, out var unread);
            if (!TryCheckHeader(file, unread, decoder, limits, out var seconds, out failure))
            {
                return false;
            }

            info = new MediaInfo
            {
                Modality = Modality.Audio,
                MediaType = mediaType,
                Length = bytes.Length,
                Seconds = seconds,
                SampleRate = file.Header.SampleRate,
                Channels = file.Header.Channels,
            };
            return true;
        }
    }

    /// <summary>The checks that need no decoder.</summary>
    internal static bool TryMediaType(
        ReadOnlySpan<byte> bytes,
        MediaOptions limits,
        IAudioBackend decoder,
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
                MediaFailureCode.UnsupportedType, $"The bytes are not a sound file of a known type; this server reads {decoder.Formats}.");
        }

        return mediaType is not null && failure is null;
    }

    /// <summary>The checks on what the header says. <paramref name="seconds"/> is null where it does not state a length.</summary>
    internal static bool TryCheckHeader(
        [NotNullWhen(true)] IAudioReader? file,
        string? unread,
        IAudioBackend decoder,
        MediaOptions limits,
        out double? seconds,
        [NotNullWhen(false)] out MediaFailure? failure)
    {
        (seconds, failure) = (null, null);
        if (unread is not null)
        {
            failure = new MediaFailure(
                MediaFailureCode.UnsupportedType,
                $"This server does not read {unread}. Convert the file, for example to 16-bit WAV; the server reads {decoder.Formats}. "
                + "Its operator can install libsndfile and libsoxr to add the format.");
            return false;
        }

        if (file is null)
        {
            failure = new MediaFailure(MediaFailureCode.Undecodable, "The sound file's header is broken or its encoding is unknown.");
            return false;
        }

        var header = file.Header;

        if (header.SampleRate is < AudioHeader.MinSampleRate or > AudioHeader.MaxSampleRate || header.Channels is < 1 or > AudioHeader.MaxChannels)
        {
            failure = new MediaFailure(
                MediaFailureCode.Undecodable,
                $"The header states {header.SampleRate} samples per second and {header.Channels} channels; "
                + $"{AudioHeader.MinSampleRate:N0} to {AudioHeader.MaxSampleRate:N0} and 1 to {AudioHeader.MaxChannels} are taken.");
            return false;
        }

        if (header.Frames is not { } frames)
        {
            return true;
        }

        seconds = (double)frames / header.SampleRate;
        if (seconds > limits.AudioSeconds)
        {
            failure = TooLong(limits);
        }
        else if (frames <= 0)
        {
            failure = new MediaFailure(MediaFailureCode.Undecodable, "The sound file holds no samples.");
        }

        return failure is null;
    }

    internal static MediaFailure TooLong(MediaOptions limits) =>
        new(MediaFailureCode.TooLarge, $"The sound is longer than the {limits.AudioSeconds:0.#} seconds that are taken.");
}
