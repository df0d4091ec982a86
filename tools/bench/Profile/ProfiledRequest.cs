using Multimodal.Inference.Audio.Decoding;
using Multimodal.Inference.Media;
using Multimodal.Tool.Commands;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;

namespace Multimodal.Bench.Profile;

/// <summary>A type of request whose cost is measured.</summary>
/// <param name="Name">Its name in the table.</param>
/// <param name="Sample">The media.</param>
/// <param name="MaxTimesBound">Target: the processor time of the service, divided by that of the bare program.</param>
internal sealed record ProfiledRequest(string Name, LoadSample Sample, double? MaxTimesBound)
{
    private const int SpeechRate = 16_000;

    /// <summary>Creates the types from the bundled cases.</summary>
    public static async Task<IReadOnlyList<ProfiledRequest>> CreateAllAsync(DirectoryInfo cases, CancellationToken cancellationToken)
    {
        var image = await File.ReadAllBytesAsync(Path.Combine(cases.FullName, "handwritten-seven.jpg"), cancellationToken);
        var speech = await File.ReadAllBytesAsync(Path.Combine(cases.FullName, "spoken-four.mp3"), cancellationToken);
        var brief = Wav(speech, seconds: 2);
        return
        [
            new ProfiledRequest("text", new LoadSample("seven", null, null), 3),
            new ProfiledRequest("small image", new LoadSample(null, image, null), 4),
            new ProfiledRequest("12-megapixel photo", new LoadSample(null, Photo(image), null), 1.6),
            new ProfiledRequest("2 s audio", new LoadSample(null, null, brief), 2),
            new ProfiledRequest("30 s audio", new LoadSample(null, null, Wav(speech, seconds: 30)), null),
            new ProfiledRequest("all three", new LoadSample("seven", image, brief), null),
        ];
    }

    /// <summary>The same picture as a camera would store it: 3,000 x 4,000 pixels with noise.</summary>
    private static byte[] Photo(byte[] small)
    {
        using var image = Image.Load<Rgb24>(small);
        image.Mutate(photo => photo.Resize(3000, 4000));
        var random = new Random(1);
        image.ProcessPixelRows(rows =>
        {
            for (var y = 0; y < rows.Height; y++)
            {
                foreach (ref var pixel in rows.GetRowSpan(y))
                {
                    var noise = random.Next(-6, 7);
                    pixel = new Rgb24(Level(pixel.R + noise), Level(pixel.G + noise), Level(pixel.B + noise));
                }
            }
        });
        using var file = new MemoryStream();
        image.SaveAsJpeg(file, new JpegEncoder { Quality = 90 });
        return file.ToArray();

        static byte Level(int value) => (byte)Math.Clamp(value, 0, 255);
    }

    /// <summary>The recording, repeated for the given duration, as a WAV file of 16 bits.</summary>
    private static byte[] Wav(byte[] recording, int seconds)
    {
        if (!AudioDecoder.TryDecode(recording, new MediaOptions(), SpeechRate, out var samples, out var failure))
        {
            throw new InvalidDataException(failure.Detail);
        }

        using var file = new MemoryStream();
        using var writer = new BinaryWriter(file);
        var length = seconds * SpeechRate;
        writer.Write("RIFF"u8);
        writer.Write(36 + (2 * length));
        writer.Write("WAVEfmt "u8);
        writer.Write(16);
        writer.Write((short)1);
        writer.Write((short)1);
        writer.Write(SpeechRate);
        writer.Write(2 * SpeechRate);
        writer.Write((short)2);
        writer.Write((short)16);
        writer.Write("data"u8);
        writer.Write(2 * length);
        for (var i = 0; i < length; i++)
        {
            writer.Write((short)(Math.Clamp(samples.Span[i % samples.Length], -1, 1) * short.MaxValue));
        }

        writer.Flush();
        return file.ToArray();
    }
}
