using System.Buffers.Binary;
using System.Text;
using Multimodal.Inference.Audio.Formats;

namespace Multimodal.Inference.Audio.Containers.Mp4;

/// <summary>
/// Recognizes the first sound track of an MP4, QuickTime or 3GP file. Only ffmpeg decodes it, from a pipe, so the index is moved before the
/// sound.
/// </summary>
internal static class Mp4File
{
    // The way from the index to the tables of offsets.
    private static readonly string[] Levels = ["trak", "mdia", "minf", "stbl"];

    /// <summary>Recognizes a file that starts with a box.</summary>
    public static AudioFile Recognize(ReadOnlyMemory<byte> bytes)
    {
        var file = bytes.Span;
        var boxes = Box.Read(file, 0, file.Length);
        var container = Container(file, boxes);
        if (container is null)
        {
            return Nothing("HEIC or AVIF image", bytes);
        }

        Box? index = null;
        foreach (var box in boxes)
        {
            index ??= box.Is(file, "moov"u8) ? box : null;
        }

        if (index is not { } moov)
        {
            return Nothing(container, bytes) with
            {
                Fault = $"The {container} file has no index (moov box), so it is cut off or still being recorded. Send the whole file.",
            };
        }

        if (Codec(file, moov) is not { } codec)
        {
            return Nothing($"{container} without a sound track", bytes);
        }

        var format = AudioFormat.Mp4 with { Name = $"{codec} in {container}" };
        return new AudioFile(format, [], IndexFirst(bytes, boxes, moov)) { Seconds = Seconds(file, moov) };
    }

    private static AudioFile Nothing(string name, ReadOnlyMemory<byte> bytes) =>
        new(AudioFormat.Mp4 with { Name = name, Demuxer = null }, [], bytes);

    /// <summary>Names the container by its brand; null for an image.</summary>
    private static string? Container(ReadOnlySpan<byte> file, List<Box> boxes)
    {
        if (boxes.Count == 0 || !boxes[0].Is(file, "ftyp"u8) || boxes[0].End - boxes[0].Body < 4)
        {
            return "QuickTime";
        }

        return Encoding.ASCII.GetString(file.Slice(boxes[0].Body, 4)) switch
        {
            "qt  " => "QuickTime",
            "heic" or "heix" or "heim" or "heis" or "mif1" or "msf1" or "avif" or "avis" => null,
            var brand => brand.StartsWith("3g", StringComparison.Ordinal) ? "3GP" : "MP4",
        };
    }

    /// <summary>Names the coding of the first sound track; null if there is none.</summary>
    private static string? Codec(ReadOnlySpan<byte> file, Box moov)
    {
        foreach (var track in Box.Read(file, moov.Body, moov.End))
        {
            if (track.Is(file, "trak"u8)
                && track.Find(file, "mdia/hdlr") is { } handler && handler.End - handler.Body >= 12
                && file[(handler.Body + 8)..].StartsWith("soun"u8)
                && track.Find(file, "mdia/minf/stbl/stsd") is { } description && description.End - description.Body >= 16)
            {
                var entry = file[(description.Body + 8)..description.End];
                return Name(Encoding.ASCII.GetString(entry.Slice(4, 4)), entry);
            }
        }

        return null;
    }

    private static string Name(string type, ReadOnlySpan<byte> entry) => type switch
    {
        "mp4a" => ObjectType(entry) is 0x69 or 0x6B ? "MP3" : "AAC",
        ".mp3" => "MP3",
        "alac" => "ALAC",
        "Opus" => "Opus",
        "fLaC" => "FLAC",
        "samr" or "sawb" => "AMR",
        "ac-3" or "ec-3" => "AC-3",
        "ulaw" or "alaw" => "G.711",
        "ima4" => "IMA ADPCM",
        "enca" or "drms" => "encrypted sound",
        "sowt" or "twos" or "lpcm" or "ipcm" or "in24" or "in32" or "fl32" or "fl64" or "raw " or "NONE" => "PCM",
        _ => "sound of an unknown coding",
    };

    /// <summary>
    /// The coding in the elementary stream descriptor (ISO/IEC 14496-1, section 7.2.6): descriptor 3 with an identifier (2 bytes) and flags
    /// (1 byte), in it descriptor 4, which starts with the coding.
    /// </summary>
    private static int ObjectType(ReadOnlySpan<byte> entry)
    {
        var at = entry.IndexOf("esds"u8) + 8;
        if (at < 8 || !TrySkip(entry, 3, ref at))
        {
            return 0;
        }

        at += 3;
        return TrySkip(entry, 4, ref at) && at < entry.Length ? entry[at] : 0;
    }

    /// <summary>Skips the number and the length of a descriptor.</summary>
    private static bool TrySkip(ReadOnlySpan<byte> entry, byte descriptor, ref int at)
    {
        if (at >= entry.Length || entry[at] != descriptor)
        {
            return false;
        }

        do
        {
            at++;
        }
        while (at < entry.Length && (entry[at] & 0x80) != 0);

        at++;
        return true;
    }

    /// <summary>The duration in the movie header; null if it is zero, as in a file of fragments.</summary>
    private static double? Seconds(ReadOnlySpan<byte> file, Box moov)
    {
        if (moov.Find(file, "mvhd") is not { } header || header.End - header.Body < 32)
        {
            return null;
        }

        var content = file[header.Body..];
        var (scale, duration) = content[0] == 1
            ? (BinaryPrimitives.ReadUInt32BigEndian(content[20..]), BinaryPrimitives.ReadUInt64BigEndian(content[24..]))
            : (BinaryPrimitives.ReadUInt32BigEndian(content[12..]), BinaryPrimitives.ReadUInt32BigEndian(content[16..]));
        return scale == 0 || duration is 0 or uint.MaxValue or ulong.MaxValue ? null : (double)duration / scale;
    }

    /// <summary>Moves the index before the first sound, and adds its length to the offsets in it.</summary>
    private static ReadOnlyMemory<byte> IndexFirst(ReadOnlyMemory<byte> bytes, List<Box> boxes, Box moov)
    {
        var file = bytes.Span;
        var sound = int.MaxValue;
        foreach (var box in boxes)
        {
            sound = box.Is(file, "mdat"u8) ? Math.Min(sound, box.Start) : sound;
        }

        if (sound > moov.Start)
        {
            return bytes;
        }

        var index = file[moov.Start..moov.End].ToArray();
        Shift(index, new Box(0, moov.Body - moov.Start, index.Length), moov.Start, 0);
        return (byte[])[.. file[..sound], .. index, .. file[sound..moov.Start], .. file[moov.End..]];
    }

    /// <summary>Adds the length of the index to the offsets below <paramref name="limit"/>.</summary>
    private static void Shift(Span<byte> index, Box parent, int limit, int depth)
    {
        foreach (var box in Box.Read(index, parent.Body, parent.End))
        {
            if (depth < Levels.Length && box.Is(index, Encoding.ASCII.GetBytes(Levels[depth])))
            {
                Shift(index, box, limit, depth + 1);
            }
            else if (box.Is(index, "stco"u8))
            {
                for (var at = box.Body + 8; at + 4 <= box.End; at += 4)
                {
                    var offset = BinaryPrimitives.ReadUInt32BigEndian(index[at..]);
                    BinaryPrimitives.WriteUInt32BigEndian(index[at..], offset < limit ? offset + (uint)index.Length : offset);
                }
            }
            else if (box.Is(index, "co64"u8))
            {
                for (var at = box.Body + 8; at + 8 <= box.End; at += 8)
                {
                    var offset = BinaryPrimitives.ReadInt64BigEndian(index[at..]);
                    BinaryPrimitives.WriteInt64BigEndian(index[at..], offset < limit ? offset + index.Length : offset);
                }
            }
        }
    }
}
