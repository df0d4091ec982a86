using System.Buffers.Binary;

namespace Multimodal.Inference.Audio.Containers.Mp4;

/// <summary>A box of an MP4 or QuickTime file (ISO/IEC 14496-12, section 4.2).</summary>
/// <param name="Start">Index of its header.</param>
/// <param name="Body">Index of its content.</param>
/// <param name="End">Index after its content.</param>
internal readonly record struct Box(int Start, int Body, int End)
{
    // A file of fragments has a few per second. The limit bounds the memory for a file full of empty boxes.
    private const int MaxBoxes = 100_000;

    /// <summary>Whether its type is <paramref name="type"/>.</summary>
    public bool Is(ReadOnlySpan<byte> file, ReadOnlySpan<byte> type) => file.Slice(Start + 4, 4).SequenceEqual(type);

    /// <summary>Reads the boxes that follow one another in a range. A box that exceeds the range ends there.</summary>
    public static List<Box> Read(ReadOnlySpan<byte> file, int from, int to)
    {
        var boxes = new List<Box>();
        while (to - from >= 8 && boxes.Count < MaxBoxes)
        {
            var (header, size) = (8, (long)BinaryPrimitives.ReadUInt32BigEndian(file[from..]));
            if (size == 1 && to - from >= 16)
            {
                (header, size) = (16, BinaryPrimitives.ReadInt64BigEndian(file[(from + 8)..]));
            }

            var end = size == 0 ? to : (int)Math.Min(to, from + Math.Max(0, Math.Min(size, int.MaxValue - from)));
            if (end < from + header)
            {
                break;
            }

            boxes.Add(new Box(from, from + header, end));
            from = end;
        }

        return boxes;
    }

    /// <summary>Finds the first box at a path of types, each four characters, below this box.</summary>
    public Box? Find(ReadOnlySpan<byte> file, string path)
    {
        var box = this;
        foreach (var type in path.Split('/'))
        {
            Box? found = null;
            foreach (var child in Read(file, box.Body, box.End))
            {
                if (found is null && file[child.Start + 4] == type[0] && file[child.Start + 5] == type[1]
                    && file[child.Start + 6] == type[2] && file[child.Start + 7] == type[3])
                {
                    found = child;
                }
            }

            if (found is not { } next)
            {
                return null;
            }

            box = next;
        }

        return box;
    }
}
