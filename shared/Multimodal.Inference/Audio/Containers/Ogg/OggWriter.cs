using System.Buffers.Binary;

namespace Multimodal.Inference.Audio.Containers.Ogg;

/// <summary>Writes Opus packets of another container as an Ogg file (RFC 7845).</summary>
internal static class OggWriter
{
    private const int MaxSegments = 255;
    private const int MaxPacketBytes = 60_000;

    // No vendor and no comments.
    private static readonly byte[] Tags = [.. "OpusTags"u8, 0, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>Writes a file.</summary>
    /// <param name="head">The identification header.</param>
    /// <param name="packets">The audio packets.</param>
    /// <param name="trimmed">Number of samples at 48 kHz to drop at the end.</param>
    public static byte[] Opus(ReadOnlyMemory<byte> head, IReadOnlyList<ReadOnlyMemory<byte>> packets, long trimmed)
    {
        using var file = new MemoryStream();
        WritePage(file, new Page(2, 0, 0), [head]);
        WritePage(file, new Page(0, 0, 1), [Tags]);
        var (number, granule, segments, page) = (2, 0L, 0, new List<ReadOnlyMemory<byte>>());
        foreach (var packet in packets.Where(packet => packet.Length is > 0 and <= MaxPacketBytes))
        {
            var needed = (packet.Length / 255) + 1;
            if (segments + needed > MaxSegments)
            {
                WritePage(file, new Page(0, granule, number++), page);
                (segments, page) = (0, []);
            }

            page.Add(packet);
            segments += needed;
            granule += OpusPackets.Samples(packet.Span);
        }

        WritePage(file, new Page(4, Math.Max(0, granule - trimmed), number), page);
        return file.ToArray();
    }

    private static void WritePage(MemoryStream file, Page page, IReadOnlyList<ReadOnlyMemory<byte>> packets)
    {
        var start = (int)file.Length;
        Span<byte> header = stackalloc byte[OggPage.HeaderLength];
        header.Clear();
        "OggS"u8.CopyTo(header);
        header[5] = page.Flags;
        BinaryPrimitives.WriteInt64LittleEndian(header[6..], page.Granule);
        header[14] = 1;
        BinaryPrimitives.WriteInt32LittleEndian(header[18..], page.Number);
        header[26] = (byte)packets.Sum(packet => (packet.Length / 255) + 1);
        file.Write(header);
        foreach (var packet in packets)
        {
            for (var rest = packet.Length; rest >= 255; rest -= 255)
            {
                file.WriteByte(255);
            }

            file.WriteByte((byte)(packet.Length % 255));
        }

        foreach (var packet in packets)
        {
            file.Write(packet.Span);
        }

        OggPage.Seal(file.GetBuffer().AsSpan(start, (int)file.Length - start));
    }

    private readonly record struct Page(byte Flags, long Granule, int Number);
}
