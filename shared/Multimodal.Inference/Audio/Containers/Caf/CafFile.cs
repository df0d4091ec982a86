using System.Buffers.Binary;
using System.Text;
using Multimodal.Inference.Audio.Formats;

namespace Multimodal.Inference.Audio.Containers.Caf;

/// <summary>
/// Recognizes a Core Audio Format file. Only ffmpeg decodes it, from a pipe, so the sound is moved behind the table of packets.
/// </summary>
internal static class CafFile
{
    private const int FileHeader = 8;
    private const int ChunkHeader = 12;
    private const int DescriptionLength = 32;

    /// <summary>Recognizes a file that starts with <c>caff</c>.</summary>
    public static AudioFile Recognize(ReadOnlyMemory<byte> bytes)
    {
        var file = bytes.Span;
        var (codec, rate, packets, data, rest) = ("", 0.0, (long?)null, default(Range?), new List<Range>());
        for (var offset = FileHeader; offset + ChunkHeader <= file.Length;)
        {
            var chunk = file[offset..];
            var stated = BinaryPrimitives.ReadInt64BigEndian(chunk[4..]);
            // The recorder states -1 for a last chunk of unknown length.
            var length = (int)Math.Min(stated < 0 ? long.MaxValue : stated, file.Length - offset - ChunkHeader);
            var range = offset..(offset + ChunkHeader + length);
            var content = chunk.Slice(ChunkHeader, length);
            if (chunk.StartsWith("desc"u8) && length >= DescriptionLength)
            {
                (rate, codec) = (BinaryPrimitives.ReadDoubleBigEndian(content), Encoding.ASCII.GetString(content.Slice(8, 4)));
            }
            else if (chunk.StartsWith("pakt"u8) && length >= 16)
            {
                packets = BinaryPrimitives.ReadInt64BigEndian(content[8..]);
            }

            if (chunk.StartsWith("data"u8))
            {
                data ??= range;
            }
            else
            {
                rest.Add(range);
            }

            offset = range.End.Value;
        }

        var format = AudioFormat.Caf with { Name = $"{Name(codec)} in CAF" };
        return new AudioFile(format, [], data is { } sound ? SoundLast(file, rest, sound) : bytes)
        {
            Seconds = packets > 0 && rate is > 0 and < 1e7 ? packets / rate : null,
        };
    }

    private static byte[] SoundLast(ReadOnlySpan<byte> file, List<Range> rest, Range sound)
    {
        using var stream = new MemoryStream(file.Length);
        stream.Write(file[..FileHeader]);
        foreach (var range in rest)
        {
            stream.Write(file[range]);
        }

        stream.Write(file[sound]);
        return stream.ToArray();
    }

    private static string Name(string codec) => codec switch
    {
        "lpcm" => "PCM",
        "alac" => "ALAC",
        "aac " or "aach" or "aacp" => "AAC",
        "ima4" => "IMA ADPCM",
        "ulaw" or "alaw" => "G.711",
        "opus" => "Opus",
        ".mp3" => "MP3",
        "flac" => "FLAC",
        _ => "sound of an unknown coding",
    };
}
