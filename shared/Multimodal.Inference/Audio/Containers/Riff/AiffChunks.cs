using System.Buffers.Binary;
using System.Text;
using Multimodal.Inference.Audio.Formats;

namespace Multimodal.Inference.Audio.Containers.Riff;

/// <summary>
/// Recognizes the coding of an AIFF or AIFF-C file. It rewrites a file whose chunks are not as the format requires: unknown lengths, a
/// missing padding byte.
/// </summary>
internal static class AiffChunks
{
    // COMM: channels (2 bytes), frames (4), bits (2), rate (10), and in AIFF-C the coding (4).
    private const int FramesOffset = 2;
    private const int BitsOffset = 6;
    private const int CommonLength = 18;

    // SSND: offset (4 bytes) and block size (4) precede the samples.
    private const int SoundHeader = 8;

    /// <summary>Recognizes a file that starts with FORM.</summary>
    public static AudioFile Recognize(ReadOnlyMemory<byte> bytes)
    {
        var file = bytes.Span;
        var reader = new ChunkReader(file, true);
        var (common, sound, length) = (default(Chunk), default(Chunk), 0);
        while (reader.TryRead(out var chunk))
        {
            if (chunk.Is(file, "COMM"u8) && chunk.Length >= CommonLength)
            {
                common = chunk;
            }
            else if (chunk.Is(file, "SSND"u8))
            {
                (sound, length) = (chunk, reader.SampleBytes(chunk));
                if (length != chunk.Stated)
                {
                    break;
                }
            }
        }

        if (common.Length == 0 || sound.Offset == 0)
        {
            return AudioFile.Single(AudioFormat.Aiff, bytes);
        }

        var content = common.Content(file);
        var coding = file[8..].StartsWith("AIFC"u8) && content.Length >= CommonLength + 4
            ? Encoding.ASCII.GetString(content.Slice(CommonLength, 4))
            : "NONE";
        var isRegular = reader.IsRegular && length == sound.Stated && BinaryPrimitives.ReadUInt32BigEndian(content[FramesOffset..]) != 0;
        var repaired = isRegular || length < SoundHeader ? bytes : Rewrite(file, coding, content, file.Slice(sound.Start, length));
        return Width(coding, 16) > 0
            ? AudioFile.Single(AudioFormat.Aiff, repaired)
            : AudioFile.Single(AudioFormat.Aiff with { Name = $"AIFF-C with {Name(coding)}" }, repaired) with { IsRare = true };
    }

    /// <summary>Bytes of a sample; 0 if the coding packs several.</summary>
    private static int Width(string coding, int bits) => coding switch
    {
        "NONE" or "twos" or "sowt" => (bits + 7) / 8,
        "fl32" or "FL32" => 4,
        "fl64" or "FL64" => 8,
        "alaw" or "ALAW" or "ulaw" or "ULAW" => 1,
        _ => 0,
    };

    private static string Name(string coding) => coding switch
    {
        "ima4" => "IMA ADPCM",
        "GSM " => "GSM 6.10",
        "QDM2" or "QDMC" => "QDesign Music",
        "MAC3" or "MAC6" => "MACE",
        "in24" or "in32" or "raw " => "PCM of another byte order",
        _ => "an unknown coding",
    };

    private static byte[] Rewrite(ReadOnlySpan<byte> file, string coding, ReadOnlySpan<byte> common, ReadOnlySpan<byte> sound)
    {
        var header = common.ToArray();
        var width = Width(coding, BinaryPrimitives.ReadUInt16BigEndian(common[BitsOffset..]));
        var frameBytes = width * BinaryPrimitives.ReadUInt16BigEndian(common);
        if (frameBytes > 0)
        {
            BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(FramesOffset), (sound.Length - SoundHeader) / frameBytes);
        }

        byte[] bytes = [.. "FORM\0\0\0\0"u8, .. file.Slice(8, 4), .. Pad("COMM"u8, header), .. Pad("SSND"u8, sound)];
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4), bytes.Length - Chunk.Header);
        return bytes;
    }

    private static byte[] Pad(ReadOnlySpan<byte> type, ReadOnlySpan<byte> content)
    {
        var bytes = new byte[Chunk.Header + content.Length + (content.Length % 2)];
        type.CopyTo(bytes);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4), content.Length);
        content.CopyTo(bytes.AsSpan(Chunk.Header));
        return bytes;
    }
}
