using System.Buffers.Binary;

namespace Multimodal.Bench.Fuzz.Mutation;

/// <summary>Finds the segments of JPEG, GIF, TIFF and BMP files, and the frames of MP3, ADTS and AMR streams.</summary>
internal static class ImageSegments
{
    private const int MaxSegments = 256;

    /// <summary>Adds the segments.</summary>
    public static void Find(ReadOnlySpan<byte> file, List<Segment> found)
    {
        if (file[0] == 0xFF && file[1] == 0xD8)
        {
            Jpeg(file, found);
        }
        else if (file.StartsWith("GIF8"u8))
        {
            Gif(file, found);
        }
        else if (file.StartsWith("II*\0"u8) || file.StartsWith("MM\0*"u8))
        {
            Tiff(file, found);
        }
        else if (file.StartsWith("BM"u8))
        {
            for (var at = 2; at + 4 <= Math.Min(file.Length, 70); at += 4)
            {
                found.Add(new Segment(at, 4, at, 4, IsBigEndian: false));
            }
        }
        else
        {
            Frames(file, found);
        }
    }

    private static void Jpeg(ReadOnlySpan<byte> file, List<Segment> found)
    {
        var at = 2;
        while (at + 4 <= file.Length && file[at] == 0xFF && found.Count < MaxSegments)
        {
            var isScan = file[at + 1] == 0xDA;
            var length = 2 + BinaryPrimitives.ReadUInt16BigEndian(file[(at + 2)..]);
            length = isScan ? file.Length - at : Math.Min(length, file.Length - at);
            found.Add(new Segment(at, length, at + 2, 2, IsBigEndian: true));
            if (file[at + 1] is >= 0xC0 and <= 0xCF && length >= 10)
            {
                // Height and width of a frame.
                found.Add(new Segment(at + 5, 2, at + 5, 2, IsBigEndian: true));
                found.Add(new Segment(at + 7, 2, at + 7, 2, IsBigEndian: true));
            }

            at += length;
        }
    }

    private static void Gif(ReadOnlySpan<byte> file, List<Segment> found)
    {
        found.Add(new Segment(6, 2, 6, 2, IsBigEndian: false));
        found.Add(new Segment(8, 2, 8, 2, IsBigEndian: false));
        var at = 13 + Table(file[10]);
        while (at + 2 < file.Length && found.Count < MaxSegments)
        {
            var start = at;
            var isImage = file[at] == 0x2C;
            var sizeAt = Math.Min(isImage ? at + 5 : at + 2, file.Length - 2);
            at = isImage ? at + 11 + (at + 9 < file.Length ? Table(file[at + 9]) : 0) : at + 2;
            while (at < file.Length && file[at] != 0)
            {
                at += 1 + file[at];
            }

            at = Math.Min(at + 1, file.Length);
            found.Add(new Segment(start, at - start, sizeAt, isImage ? 2 : 1, IsBigEndian: false));
        }
    }

    private static int Table(byte flags) => (flags & 0x80) != 0 ? 3 << ((flags & 7) + 1) : 0;

    private static void Tiff(ReadOnlySpan<byte> file, List<Segment> found)
    {
        var isBig = file[0] == 'M';
        long directory = isBig ? BinaryPrimitives.ReadUInt32BigEndian(file[4..]) : BinaryPrimitives.ReadUInt32LittleEndian(file[4..]);
        found.Add(new Segment(4, 4, 4, 4, isBig));
        while (directory + 2 <= file.Length && directory > 0 && found.Count < MaxSegments)
        {
            var at = (int)directory;
            int count = isBig ? BinaryPrimitives.ReadUInt16BigEndian(file[at..]) : BinaryPrimitives.ReadUInt16LittleEndian(file[at..]);
            found.Add(new Segment(at, 2, at, 2, isBig));
            for (at += 2; count > 0 && at + 12 <= file.Length && found.Count < MaxSegments; count--, at += 12)
            {
                // Of an entry: the type, the count, the value or its offset.
                found.Add(new Segment(at, 12, at + 2, 2, isBig));
                found.Add(new Segment(at + 4, 4, at + 4, 4, isBig));
                found.Add(new Segment(at + 8, 4, at + 8, 4, isBig));
            }

            directory = at + 4 > file.Length ? 0
                : isBig ? BinaryPrimitives.ReadUInt32BigEndian(file[at..]) : BinaryPrimitives.ReadUInt32LittleEndian(file[at..]);
        }
    }

    /// <summary>Adds what lies between sync words, or blocks of 128 bytes where there are none.</summary>
    private static void Frames(ReadOnlySpan<byte> file, List<Segment> found)
    {
        var start = 0;
        for (var at = 1; at + 4 < file.Length && found.Count < MaxSegments; at++)
        {
            if ((file[at] == 0xFF && file[at + 1] >= 0xE0) || at - start >= 128)
            {
                found.Add(new Segment(start, at - start, start, Math.Min(4, at - start), IsBigEndian: true));
                start = at;
            }
        }
    }
}
