using System.Diagnostics.CodeAnalysis;
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

    /// <summary>
    /// Decodes all channels, mixes them (<see cref="ChannelMix"/>) and converts the sample rate. Recordings that are chained in a file
    /// follow one another.
    /// </summary>
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
        var opener = new AudioOpener(limits);
        fixed (byte* data = bytes)
        {
            using var source = opener.Open(new PinnedBytes(data, bytes.Length).Memory, isInspection: false, out failure);
            if (source is not null)
            {
                failure = Read(opener, source, new LinkReader(opener, limits, rate), out samples);
            }

            return failure is null;
        }
    }

    private static MediaFailure? Read(AudioOpener opener, AudioSource source, LinkReader links, out ReadOnlyMemory<float> samples)
    {
        samples = default;
        var parts = new List<ReadOnlyMemory<float>>();
        for (var i = 0; i < source.Links.Count; i++)
        {
            var failure = links.Read(source.File, source.Links[i].Reader, null, out var part);
            if (failure is null && links.Loudest is { } loudest)
            {
                // The whole recording must be heard before it is known, so it is decoded again.
                using var again = opener.Reopen(source, i, out failure);
                failure ??= links.Read(source.File, again!, loudest, out part);
            }

            if (failure is not null)
            {
                return failure;
            }

            links.Accept();
            parts.Add(part);
        }

        if (links.Seconds < MinSeconds)
        {
            return new MediaFailure(
                MediaFailureCode.Undecodable,
                $"The {source.File.Format.Name} file contains less than {MinSeconds * 1000:0} milliseconds of readable audio. "
                + "Send a longer recording.");
        }

        samples = parts.Count == 1 ? parts[0] : parts.SelectMany(part => part.ToArray()).ToArray();
        return null;
    }
}
