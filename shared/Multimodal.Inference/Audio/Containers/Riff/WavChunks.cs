using System.Buffers.Binary;
using Multimodal.Inference.Audio.Formats;

namespace Multimodal.Inference.Audio.Containers.Riff;

/// <summary>
/// Recognizes the coding of a WAV file. It rewrites a file whose chunks are not as the format requires: unknown lengths, a missing padding
/// byte, 64-bit lengths.
/// </summary>
internal static class WavChunks
{
    private const int Extensible = 0xFFFE;

    /// <summary>Recognizes a file that starts with RIFF, RF64, BW64 or RIFX.</summary>
    public static AudioFile Recognize(ReadOnlyMemory<byte> bytes)
    {
        var file = bytes.Span;
        if (file.StartsWith("RIFX"u8))
        {
            return AudioFile.Single(AudioFormat.Wav with { Name = "big-endian WAV (RIFX)" }, bytes) with { IsRare = true };
        }

        var reader = new ChunkReader(file, false);
        var (format, fact, longBytes) = (default(Chunk), default(Chunk), long.MaxValue);
        while (reader.TryRead(out var chunk))
        {
            if (chunk.Is(file, "fmt "u8))
            {
                format = chunk;
            }
            else if (chunk.Is(file, "fact"u8))
            {
                fact = chunk;
            }
            else if (chunk.Is(file, "ds64"u8) && chunk.Length >= 16)
            {
                longBytes = BinaryPrimitives.ReadInt64LittleEndian(chunk.Content(file)[8..]);
            }
            else if (chunk.Is(file, "data"u8))
            {
                var length = reader.SampleBytes(chunk);
                // A 64-bit length of zero is unknown too.
                length = (int)Math.Min(length, longBytes > 0 && chunk.Stated == uint.MaxValue ? longBytes : length);
                var isRegular = reader.IsRegular && length == chunk.Stated && file.StartsWith("RIFF"u8);
                return Named(isRegular || format.Length < 16 ? bytes : Rewrite(file, format, fact, file.Slice(chunk.Start, length)));
            }
        }

        return Named(bytes);
    }

    /// <summary>Names codings that not every decoder reads.</summary>
    private static AudioFile Named(ReadOnlyMemory<byte> bytes)
    {
        var codec = Tag(bytes.Span) switch
        {
            0x31 => "GSM 6.10",
            0x50 => "MPEG Layer II",
            0x55 => "MP3",
            0x22 => "TrueSpeech",
            0x64 => "G.726",
            0x28 => "G.723.1",
            0xFF or 0x1600 or 0x1610 => "AAC",
            0x160 or 0x161 or 0x162 => "Windows Media Audio",
            0x2000 => "AC-3",
            _ => null,
        };
        return codec is null
            ? AudioFile.Single(AudioFormat.Wav, bytes)
            : AudioFile.Single(AudioFormat.Wav with { Name = $"{codec} in WAV" }, bytes) with { IsRare = true };
    }

    /// <summary>The number of the coding; for the extensible form, the start of the GUID of the subformat.</summary>
    private static int Tag(ReadOnlySpan<byte> file)
    {
        var reader = new ChunkReader(file, false);
        while (reader.TryRead(out var chunk))
        {
            if (chunk.Is(file, "fmt "u8) && chunk.Length >= 16)
            {
                var content = chunk.Content(file);
                int tag = BinaryPrimitives.ReadUInt16LittleEndian(content);
                return tag == Extensible && content.Length >= 26 ? BinaryPrimitives.ReadUInt16LittleEndian(content[24..]) : tag;
            }
        }

        return 0;
    }

    private static byte[] Rewrite(ReadOnlySpan<byte> file, Chunk format, Chunk fact, ReadOnlySpan<byte> data)
    {
        using var stream = new MemoryStream(data.Length + format.Length + fact.Length + 64);
        using var writer = new BinaryWriter(stream);
        writer.Write("RIFF\0\0\0\0WAVE"u8);
        Write(writer, "fmt "u8, format.Content(file));
        if (fact.Length > 0)
        {
            Write(writer, "fact"u8, fact.Content(file));
        }

        Write(writer, "data"u8, data);
        var bytes = stream.ToArray();
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), bytes.Length - Chunk.Header);
        return bytes;
    }

    private static void Write(BinaryWriter writer, ReadOnlySpan<byte> type, ReadOnlySpan<byte> content)
    {
        writer.Write(type);
        writer.Write(content.Length);
        writer.Write(content);
        if (content.Length % 2 != 0)
        {
            writer.Write((byte)0);
        }
    }
}
