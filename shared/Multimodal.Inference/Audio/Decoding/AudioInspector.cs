using System.Diagnostics.CodeAnalysis;
using Multimodal.Contracts.Values;
using Multimodal.Inference.Audio.Backends;
using Multimodal.Inference.Audio.Formats;
using Multimodal.Inference.Media;
using static System.FormattableString;

namespace Multimodal.Inference.Audio.Decoding;

/// <summary>Determines type, duration, sample rate and channels of an audio file without decoding it.</summary>
public static class AudioInspector
{
    /// <summary>Inspects a file and checks the limits.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="limits">The media limits.</param>
    /// <param name="info">What the header states, if the result is true.</param>
    /// <param name="failure">The reason why the file is refused, if the result is false.</param>
    /// <returns>False if the file is refused.</returns>
    /// <exception cref="DllNotFoundException">Native decoding is required and a library does not load.</exception>
    public static unsafe bool TryInspect(
        ReadOnlySpan<byte> bytes,
        MediaOptions limits,
        [NotNullWhen(true)] out MediaInfo? info,
        [NotNullWhen(false)] out MediaFailure? failure)
    {
        ArgumentNullException.ThrowIfNull(limits);
        info = null;
        var backend = AudioBackends.For(limits.AudioDecoder);
        fixed (byte* data = bytes)
        {
            using var reader = Open(backend, new PinnedBytes(data, bytes.Length).Memory, limits, out var mediaType, out failure);
            if (failure is not null)
            {
                return false;
            }

            var header = reader!.Header;
            info = new MediaInfo
            {
                Modality = Modality.Audio,
                MediaType = mediaType!,
                Length = bytes.Length,
                Seconds = header.Seconds,
                SampleRate = header.SampleRate,
                Channels = header.Channels,
            };
            return true;
        }
    }

    /// <summary>Opens a file and checks its size, type and header.</summary>
    /// <param name="backend">The backend that decodes.</param>
    /// <param name="bytes">The file. It must not move until the reader is disposed.</param>
    /// <param name="limits">The media limits.</param>
    /// <param name="mediaType">The media type, if the result is not null.</param>
    /// <param name="failure">The reason why the file is refused, if the result is null.</param>
    /// <returns>A reader that the caller disposes; null if the file is refused.</returns>
    internal static IAudioReader? Open(
        IAudioBackend backend, ReadOnlyMemory<byte> bytes, MediaOptions limits, out string? mediaType, out MediaFailure? failure)
    {
        failure = CheckType(bytes.Span, limits, backend, out mediaType);
        if (failure is not null)
        {
            return null;
        }

        var reader = backend.Open(bytes, mediaType!, out var unsupported);
        failure = unsupported is not null ? Unsupported(unsupported, backend)
            : reader is null ? UnreadableHeader()
            : CheckHeader(reader.Header, limits);
        if (failure is null)
        {
            return reader;
        }

        reader?.Dispose();
        return null;
    }

    internal static MediaFailure TooLong(MediaOptions limits) => new(
        MediaFailureCode.TooLarge, Invariant($"The audio is too long; the limit is {limits.AudioSeconds:0.#} seconds."));

    private static MediaFailure? CheckType(ReadOnlySpan<byte> bytes, MediaOptions limits, IAudioBackend backend, out string? mediaType)
    {
        mediaType = null;
        if (bytes.IsEmpty)
        {
            return new MediaFailure(MediaFailureCode.Empty, "The audio file has no bytes.");
        }

        if (bytes.Length > limits.AudioBytes)
        {
            return new MediaFailure(
                MediaFailureCode.TooLarge,
                Invariant($"The audio file has {bytes.Length:N0} bytes; the limit is {limits.AudioBytes:N0} bytes."));
        }

        mediaType = AudioSniffer.MediaType(bytes);
        return mediaType is null
            ? new MediaFailure(
                MediaFailureCode.UnsupportedType,
                $"The bytes are not an audio file of a known type; this server reads {backend.Formats}.")
            : null;
    }

    private static MediaFailure? CheckHeader(AudioHeader header, MediaOptions limits)
    {
        if (header.SampleRate is < AudioHeader.MinSampleRate or > AudioHeader.MaxSampleRate
            || header.Channels is < 1 or > AudioHeader.MaxChannels)
        {
            return new MediaFailure(
                MediaFailureCode.Undecodable,
                Invariant($"The header of the audio file states {header.SampleRate:N0} Hz and {header.Channels:N0} channels. ")
                + Invariant($"This server reads {AudioHeader.MinSampleRate:N0} to {AudioHeader.MaxSampleRate:N0} Hz ")
                + Invariant($"and 1 to {AudioHeader.MaxChannels} channels."));
        }

        return header.Seconds > limits.AudioSeconds ? TooLong(limits)
            : header.Frames <= 0 ? new MediaFailure(MediaFailureCode.Undecodable, "The audio file contains no samples.")
            : null;
    }

    private static MediaFailure Unsupported(string format, IAudioBackend backend) => new(
        MediaFailureCode.UnsupportedType,
        $"This server does not read {format}. Convert the file, for example to 16-bit WAV; this server reads {backend.Formats}. "
        + "The operator can install libsndfile and libsoxr to add the format.");

    private static MediaFailure UnreadableHeader() => new(
        MediaFailureCode.Undecodable,
        "The header of the audio file is broken or its encoding is unknown. Convert the file, for example to 16-bit WAV.");
}
