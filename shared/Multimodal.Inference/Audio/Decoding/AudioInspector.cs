using System.Diagnostics.CodeAnalysis;
using Multimodal.Contracts.Values;
using Multimodal.Inference.Media;

namespace Multimodal.Inference.Audio.Decoding;

/// <summary>Determines type, duration, sample rate and channels of an audio file without decoding it.</summary>
public static class AudioInspector
{
    /// <summary>
    /// Inspects a file and checks the limits. A file that only an ffmpeg process decodes has no sample rate, and its duration only if the
    /// container states it, because an inspection does not start a process.
    /// </summary>
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
        var opener = new AudioOpener(limits);
        fixed (byte* data = bytes)
        {
            using var source = opener.Open(new PinnedBytes(data, bytes.Length).Memory, isInspection: true, out failure);
            if (failure is not null)
            {
                return false;
            }

            info = new MediaInfo
            {
                Modality = Modality.Audio,
                MediaType = source!.File.Format.MediaType,
                Length = bytes.Length,
                Seconds = source.Seconds,
                SampleRate = source.Header?.SampleRate,
                Channels = source.Header?.Channels,
            };
            return true;
        }
    }
}
