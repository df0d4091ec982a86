namespace Multimodal.Bench.Fuzz.Mutation;

/// <summary>Finds the elements of WebM and Matroska files.</summary>
internal static class EbmlSegments
{
    private const int MaxSegments = 256;

    // Segment, Tracks, TrackEntry, Audio, Cluster, BlockGroup.
    private static readonly ulong[] Containers = [0x18538067, 0x1654AE6B, 0xAE, 0xE1, 0x1F43B675, 0xA0];

    /// <summary>Adds the elements, and those inside the elements that contain others.</summary>
    public static void Find(ReadOnlySpan<byte> file, List<Segment> found)
    {
        var at = 0;
        while (at + 2 < file.Length && found.Count < MaxSegments)
        {
            var idBytes = Width(file[at]);
            if (at + idBytes >= file.Length)
            {
                return;
            }

            var sizeAt = at + idBytes;
            var sizeBytes = Width(file[sizeAt]);
            if (sizeAt + sizeBytes > file.Length)
            {
                return;
            }

            var id = Number(file.Slice(at, idBytes));
            var size = Number(file.Slice(sizeAt, sizeBytes)) & ((1UL << (7 * sizeBytes)) - 1);
            var content = sizeAt + sizeBytes;
            var length = (int)Math.Min(size, (ulong)(file.Length - content));
            found.Add(new Segment(at, content - at + length, sizeAt, sizeBytes, IsBigEndian: true));

            // A container is entered, so that its elements follow.
            at = Containers.Contains(id) ? content : content + length;
        }
    }

    private static int Width(byte first) => Math.Clamp(System.Numerics.BitOperations.LeadingZeroCount((uint)first << 24) + 1, 1, 8);

    private static ulong Number(ReadOnlySpan<byte> bytes)
    {
        var value = 0UL;
        foreach (var part in bytes)
        {
            value = (value << 8) | part;
        }

        return value;
    }
}
