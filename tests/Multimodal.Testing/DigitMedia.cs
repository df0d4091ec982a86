using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Multimodal.Contracts.Values;

namespace Multimodal.Testing;

/// <summary>Real files that show a digit, made by code: text in UTF-8, a PNG with seven segments, a WAV with the telephone's tones.</summary>
public static class DigitMedia
{
    private const int Rate = 8000;

    // Segments a to g of each digit, as on every pocket calculator.
    private static readonly string[] Segments = ["abcdef", "bc", "abdeg", "abcdg", "bcfg", "acdfg", "acdefg", "abc", "abcdefg", "abcdfg"];

    // ITU-T Q.23: row and column frequencies in hertz of each digit.
    private static readonly (double Row, double Column)[] Tones =
    [
        (941, 1336), (697, 1209), (697, 1336), (697, 1477), (770, 1209), (770, 1336), (770, 1477), (852, 1209), (852, 1336), (852, 1477),
    ];

    /// <summary>The file for a digit, 0 to 9.</summary>
    public static byte[] Make(Modality modality, int digit) => modality switch
    {
        Modality.Text => Encoding.UTF8.GetBytes(new[] { "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine" }[digit]),
        Modality.Image => Image(digit),
        _ => Tone(digit),
    };

    /// <summary>A grey PNG of 64 by 96 pixels, dark segments on white.</summary>
    public static byte[] Image(int digit)
    {
        const int Width = 64, Height = 96, Left = 16, Right = 47, Top = 16, Bottom = 79, Middle = 47, Thick = 7;
        using var raw = new MemoryStream();
        for (var y = 0; y < Height; y++)
        {
            raw.WriteByte(0); // filter: none
            for (var x = 0; x < Width; x++)
            {
                bool Bar(int y0) => y >= y0 && y < y0 + Thick && x is >= Left and <= Right;
                bool Post(int x0, int y0, int y1) => x >= x0 && x < x0 + Thick && y >= y0 && y <= y1;
                var ink = Segments[digit].Any(segment => segment switch
                {
                    'a' => Bar(Top),
                    'b' => Post(Right - Thick + 1, Top, Middle),
                    'c' => Post(Right - Thick + 1, Middle, Bottom),
                    'd' => Bar(Bottom - Thick + 1),
                    'e' => Post(Left, Middle, Bottom),
                    'f' => Post(Left, Top, Middle),
                    _ => Bar(Middle - (Thick / 2)),
                });
                raw.WriteByte(ink ? (byte)20 : (byte)245);
            }
        }

        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            zlib.Write(raw.ToArray());
        }

        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, Width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), Height);
        header[8] = 8; // bits per sample; colour type 0, grey
        return [137, 80, 78, 71, 13, 10, 26, 10, .. Chunk("IHDR", header), .. Chunk("IDAT", packed.ToArray()), .. Chunk("IEND", [])];
    }

    /// <summary>A mono WAV of 16 bits: half a second of the digit's two tones.</summary>
    public static byte[] Tone(int digit)
    {
        var samples = new byte[Rate];
        for (var i = 0; i < samples.Length / 2; i++)
        {
            var angle = 2 * Math.PI * i / Rate;
            var level = 0.4 * (Math.Sin(angle * Tones[digit].Row) + Math.Sin(angle * Tones[digit].Column));
            BinaryPrimitives.WriteInt16LittleEndian(samples.AsSpan(2 * i), (short)(level * short.MaxValue));
        }

        using var file = new MemoryStream();
        using var writer = new BinaryWriter(file);
        writer.Write("RIFF"u8);
        writer.Write(36 + samples.Length);
        writer.Write("WAVEfmt "u8);
        writer.Write(16);
        writer.Write((short)1); // PCM
        writer.Write((short)1); // channels
        writer.Write(Rate);
        writer.Write(Rate * 2); // bytes per second
        writer.Write((short)2); // bytes per frame
        writer.Write((short)16); // bits per sample
        writer.Write("data"u8);
        writer.Write(samples.Length);
        writer.Write(samples);
        return file.ToArray();
    }

    private static byte[] Chunk(string type, byte[] data)
    {
        byte[] named = [.. Encoding.ASCII.GetBytes(type), .. data];
        var chunk = new byte[4 + named.Length + 4];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        named.CopyTo(chunk, 4);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(4 + named.Length), Crc32(named));
        return chunk;
    }

    // PNG specification, annex D.
    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 1 ? 0xEDB88320u ^ (crc >> 1) : crc >> 1;
            }
        }

        return ~crc;
    }
}
