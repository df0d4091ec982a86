using System.Buffers.Binary;

namespace Multimodal.Bench.Fuzz.Mutation;

/// <summary>Corrects the checksums of PNG chunks and Ogg pages, so that a mutation reaches the code behind the check.</summary>
internal static class Checksums
{
    private const uint Ogg = 0x04C1_1DB7;
    private const uint Png = 0xEDB8_8320;

    /// <summary>Corrects the checksums of a file in place.</summary>
    public static void Repair(Span<byte> file)
    {
        if (file.Length < 27)
        {
            return;
        }

        var isPng = file[1..].StartsWith("PNG"u8);
        if (!isPng && !file.StartsWith("OggS"u8))
        {
            return;
        }

        foreach (var segment in Segments.Find(file))
        {
            var bytes = file.Slice(segment.Start, segment.Length);
            if (isPng && bytes.Length >= 12)
            {
                BinaryPrimitives.WriteUInt32BigEndian(bytes[^4..], OfPng(bytes[4..^4]));
            }
            else if (!isPng && bytes.Length >= 27)
            {
                bytes.Slice(22, 4).Clear();
                BinaryPrimitives.WriteUInt32LittleEndian(bytes[22..], OfOgg(bytes));
            }
        }
    }

    private static uint OfPng(ReadOnlySpan<byte> bytes)
    {
        var sum = uint.MaxValue;
        foreach (var value in bytes)
        {
            sum ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                sum = (sum & 1) != 0 ? (sum >> 1) ^ Png : sum >> 1;
            }
        }

        return ~sum;
    }

    private static uint OfOgg(ReadOnlySpan<byte> bytes)
    {
        var sum = 0u;
        foreach (var value in bytes)
        {
            sum ^= (uint)value << 24;
            for (var bit = 0; bit < 8; bit++)
            {
                sum = (sum & 0x8000_0000) != 0 ? (sum << 1) ^ Ogg : sum << 1;
            }
        }

        return sum;
    }
}
