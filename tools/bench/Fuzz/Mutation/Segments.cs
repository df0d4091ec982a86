using System.Buffers.Binary;

namespace Multimodal.Bench.Fuzz.Mutation;

/// <summary>Finds the segments of a media file. A damaged file has the segments before the damage.</summary>
internal static class Segments
{
    private const int MaxSegments = 256;

    /// <summary>Returns the segments in the order of the file; none if the format is unknown.</summary>
    public static List<Segment> Find(ReadOnlySpan<byte> file)
    {
        var found = new List<Segment>();
        if (file.Length < 16)
        {
            return found;
        }

        if (file[1..].StartsWith("PNG"u8))
        {
            Chunks(file, 8, new ChunkLayout(0, 4, 4, 12, IsBigEndian: true), found);
        }
        else if (file.StartsWith("RIFF"u8) || file.StartsWith("RF64"u8))
        {
            Chunks(file, 12, new ChunkLayout(4, 4, 8, 8, IsBigEndian: false), found);
        }
        else if (file.StartsWith("FORM"u8) || file.StartsWith("RIFX"u8))
        {
            Chunks(file, 12, new ChunkLayout(4, 4, 8, 8, IsBigEndian: true), found);
        }
        else if (file.StartsWith("caff"u8))
        {
            Chunks(file, 8, new ChunkLayout(4, 8, 12, 12, IsBigEndian: true), found);
        }
        else if (file.StartsWith("fLaC"u8))
        {
            Chunks(file, 4, new ChunkLayout(1, 3, 4, 4, IsBigEndian: true), found);
        }
        else if (file.StartsWith("OggS"u8))
        {
            Pages(file, found);
        }
        else if (file[4..].StartsWith("ftyp"u8))
        {
            Boxes(file, 0, file.Length, found);
        }
        else if (file.StartsWith((ReadOnlySpan<byte>)[0x1A, 0x45, 0xDF, 0xA3]))
        {
            EbmlSegments.Find(file, found);
        }
        else
        {
            ImageSegments.Find(file, found);
        }

        return found;
    }

    /// <summary>Adds chunks with a size field each.</summary>
    private static void Chunks(ReadOnlySpan<byte> file, int start, ChunkLayout layout, List<Segment> found)
    {
        for (long at = start; at + layout.Overhead <= file.Length && found.Count < MaxSegments;)
        {
            var size = Number(file.Slice((int)at + layout.SizeAt, layout.SizeBytes), layout.IsBigEndian);
            var length = Math.Min(size is < 0 or > int.MaxValue ? file.Length : size + layout.Overhead, file.Length - at);
            found.Add(new Segment((int)at, (int)length, (int)at + layout.SizeAt, layout.SizeBytes, layout.IsBigEndian));
            at += length + (layout.HeaderBytes == 8 ? length & 1 : 0);
        }
    }

    private static void Pages(ReadOnlySpan<byte> file, List<Segment> found)
    {
        var at = 0;
        while (at + 27 <= file.Length && file[at..].StartsWith("OggS"u8) && found.Count < MaxSegments)
        {
            var lacing = file[(at + 27)..Math.Min(at + 27 + file[at + 26], file.Length)];
            var length = 27 + lacing.Length;
            foreach (var part in lacing)
            {
                length += part;
            }

            // The granule position, which decoders convert to a duration.
            found.Add(new Segment(at, Math.Min(length, file.Length - at), at + 6, 8, IsBigEndian: false));
            at += length;
        }
    }

    /// <summary>Adds boxes of ISO base media files, and those inside the boxes that contain others.</summary>
    private static void Boxes(ReadOnlySpan<byte> file, int start, int end, List<Segment> found)
    {
        var at = start;
        while (at + 8 <= end && found.Count < MaxSegments)
        {
            long size = BinaryPrimitives.ReadUInt32BigEndian(file[at..]);
            var length = (int)Math.Min(size is 0 or < 8 ? end - at : size, end - at);
            found.Add(new Segment(at, length, at, 4, IsBigEndian: true));
            var type = file.Slice(at + 4, 4);
            var inside = type.SequenceEqual("meta"u8) ? 12 : type.SequenceEqual("stsd"u8) ? 16 : IsContainer(type) ? 8 : 0;
            if (inside > 0)
            {
                Boxes(file, at + inside, at + length, found);
            }
            else if (length >= 20)
            {
                // The first fields after version and flags: counts, times, sample sizes.
                found.Add(new Segment(at + 12, 4, at + 12, 4, IsBigEndian: true));
                found.Add(new Segment(at + 16, 4, at + 16, 4, IsBigEndian: true));
            }

            at += length;
        }
    }

    private static bool IsContainer(ReadOnlySpan<byte> type) =>
        type.SequenceEqual("moov"u8) || type.SequenceEqual("trak"u8) || type.SequenceEqual("mdia"u8) || type.SequenceEqual("minf"u8)
        || type.SequenceEqual("stbl"u8) || type.SequenceEqual("moof"u8) || type.SequenceEqual("traf"u8) || type.SequenceEqual("iprp"u8)
        || type.SequenceEqual("ipco"u8);

    private static long Number(ReadOnlySpan<byte> field, bool isBigEndian)
    {
        var value = 0L;
        for (var i = 0; i < field.Length; i++)
        {
            value = (value << 8) | field[isBigEndian ? i : field.Length - 1 - i];
        }

        return value;
    }

    /// <summary>Where the fields of a chunk are.</summary>
    private readonly record struct ChunkLayout(int SizeAt, int SizeBytes, int HeaderBytes, int Overhead, bool IsBigEndian);
}
