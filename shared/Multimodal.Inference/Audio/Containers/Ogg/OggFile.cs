using Multimodal.Inference.Audio.Formats;

namespace Multimodal.Inference.Audio.Containers.Ogg;

/// <summary>
/// Splits an Ogg file into the recordings that are chained in it (RFC 3533, section 4), because decoders read the first one only. Each
/// becomes a file of one stream. Other streams beside the sound, such as video, are dropped.
/// </summary>
internal static class OggFile
{
    // A decoder is opened for each; recordings of radio streams have a few.
    private const int MaxLinks = 64;

    /// <summary>Recognizes a file that starts with a page.</summary>
    public static AudioFile Recognize(ReadOnlyMemory<byte> bytes)
    {
        var groups = Split(bytes.Span);
        if (groups.Count > MaxLinks)
        {
            return new AudioFile(AudioFormat.Ogg, [], bytes)
            {
                Fault = $"The OGG file joins {groups.Count} recordings; the limit is {MaxLinks}. Send one recording as a file of its own.",
            };
        }

        var (format, links) = ((AudioFormat?)null, new List<AudioLink>());
        foreach (var group in groups)
        {
            if (SoundOf(bytes.Span, group) is not { } sound)
            {
                continue;
            }

            format ??= sound.Format;
            if (Link(bytes, group, sound, groups.Count == 1) is not { } link)
            {
                return new AudioFile(groups.Count == 1 ? sound.Format : sound.Format with { Demuxer = null }, [], bytes);
            }

            links.Add(link);
        }

        // A first page with a wrong checksum still names the format.
        format ??= FormatOf(Payload(bytes.Span));
        return format is null
            ? new AudioFile(AudioFormat.Ogg with { Name = "OGG without a sound of a known coding", Demuxer = null }, [], bytes)
            : links.Count > 0 ? new AudioFile(format, links, bytes)
            : AudioFile.Single(format, bytes);
    }

    /// <summary>Groups the pages by recording. A recording starts with the first pages of its streams.</summary>
    private static List<List<OggPage>> Split(ReadOnlySpan<byte> file)
    {
        var (groups, isHeader) = (new List<List<OggPage>>(), false);
        var (offset, budget) = (0, (long)OggPacketReader.MaxChecksumPasses * file.Length);
        while (OggPacketReader.TryFindPage(file, ref offset, ref budget, out var page))
        {
            if (page.IsFirst && !isHeader)
            {
                groups.Add([]);
            }

            isHeader = page.IsFirst;
            if (groups.Count > 0)
            {
                groups[^1].Add(page);
            }
        }

        return groups;
    }

    /// <summary>Finds the first stream of a recording that is sound.</summary>
    private static (AudioFormat Format, uint Serial)? SoundOf(ReadOnlySpan<byte> file, List<OggPage> pages)
    {
        foreach (var page in pages)
        {
            if (page.IsFirst && FormatOf(file[(page.Offset + OggPage.HeaderLength + page.Segments)..]) is { } format)
            {
                return (format, page.Serial);
            }
        }

        return null;
    }

    /// <summary>Creates the file of one recording.</summary>
    /// <returns>Null if only ffmpeg decodes its coding.</returns>
    private static AudioLink? Link(ReadOnlyMemory<byte> file, List<OggPage> pages, (AudioFormat Format, uint Serial) sound, bool isOnly)
    {
        if (sound.Format == AudioFormat.OggSpeex)
        {
            return null;
        }

        var bytes = file;
        if (!isOnly || pages.Exists(page => page.Serial != sound.Serial))
        {
            using var stream = new MemoryStream();
            foreach (var page in pages.Where(page => page.Serial == sound.Serial))
            {
                stream.Write(file.Span.Slice(page.Offset, page.Length));
            }

            bytes = stream.ToArray();
        }

        return sound.Format == AudioFormat.OggFlac
            ? new AudioLink(AudioFormat.Flac.MediaType, NativeFlac(bytes))
            : new AudioLink(sound.Format.MediaType, bytes);
    }

    /// <summary>Extracts FLAC (RFC 9639, section 10.1): nine bytes precede the native signature in the first packet.</summary>
    private static byte[] NativeFlac(ReadOnlyMemory<byte> bytes)
    {
        using var stream = new MemoryStream();
        foreach (var packet in OggPacketReader.Open(bytes)?.Read() ?? [])
        {
            stream.Write(stream.Length == 0 ? packet.Data.Span[Math.Min(9, packet.Data.Length)..] : packet.Data.Span);
        }

        return stream.ToArray();
    }

    private static ReadOnlySpan<byte> Payload(ReadOnlySpan<byte> page) =>
        page.Length <= OggPage.HeaderLength ? [] : page[Math.Min(OggPage.HeaderLength + page[OggPage.HeaderLength - 1], page.Length)..];

    /// <summary>Determines the coding from the first packet (RFC 5334, RFC 7845).</summary>
    private static AudioFormat? FormatOf(ReadOnlySpan<byte> packet) =>
        packet.StartsWith("\u0001vorbis"u8) ? AudioFormat.OggVorbis
        : packet.StartsWith("OpusHead"u8) ? AudioFormat.OggOpus
        : packet.StartsWith("\u007FFLAC"u8) ? AudioFormat.OggFlac
        : packet.StartsWith("Speex   "u8) ? AudioFormat.OggSpeex
        : null;
}
