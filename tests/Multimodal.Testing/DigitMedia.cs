using System.Buffers.Binary;
using System.Text;
using Multimodal.Contracts.Values;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.PixelFormats;

namespace Multimodal.Testing;

/// <summary>Generated files that show a digit: UTF-8 text, a PNG with seven segments, or a WAV with telephone tones.</summary>
public static class DigitMedia
{
    private const int Rate = 8000;

    // Segments a to g of each digit, as on a pocket calculator.
    private static readonly string[] Segments = ["abcdef", "bc", "abdeg", "abcdg", "bcfg", "acdfg", "acdefg", "abc", "abcdefg", "abcdfg"];

    // ITU-T Q.23: row and column frequencies in hertz of each digit.
    private static readonly (double Row, double Column)[] Tones =
    [
        (941, 1336), (697, 1209), (697, 1336), (697, 1477), (770, 1209), (770, 1336), (770, 1477), (852, 1209), (852, 1336), (852, 1477),
    ];

    /// <summary>Returns the file for a digit, 0 to 9.</summary>
    public static byte[] Make(Modality modality, int digit) => modality switch
    {
        Modality.Text => Encoding.UTF8.GetBytes(new[] { "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine" }[digit]),
        Modality.Image => Image(digit),
        _ => Tone(digit),
    };

    /// <summary>Returns a greyscale PNG of 64 by 96 pixels, with dark segments on white.</summary>
    public static byte[] Image(int digit)
    {
        const int Width = 64, Height = 96, Left = 16, Right = 47, Top = 16, Bottom = 79, Middle = 47, Thick = 7;
        using var image = new Image<L8>(Width, Height);
        for (var y = 0; y < Height; y++)
        {
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
                image[x, y] = new L8(ink ? (byte)20 : (byte)245);
            }
        }

        using var file = new MemoryStream();
        image.SaveAsPng(file, new PngEncoder { ColorType = PngColorType.Grayscale, BitDepth = PngBitDepth.Bit8 });
        return file.ToArray();
    }

    /// <summary>Returns a 16-bit mono WAV with half a second of the digit's two tones.</summary>
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
}
