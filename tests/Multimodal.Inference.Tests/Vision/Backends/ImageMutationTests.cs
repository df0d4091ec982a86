using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.ExceptionServices;
using Multimodal.Inference.Media;
using Multimodal.Inference.Vision.Decoding;

namespace Multimodal.Inference.Tests.Vision.Backends;

/// <summary>
/// Damaged files of every type that ImageSharp supports. <c>MULTIMODAL_MUTATIONS=200000</c> sets a larger number of files than a build has
/// time for. The test writes the counts of outcomes to its output.
/// </summary>
public sealed class ImageMutationTests(ITestOutputHelper output)
{
    private const int DefaultCount = 4_000;
    private const long MaxAllocated = 64 << 20;

    /// <summary>
    /// A lossless WebP file can state up to 65,536 code groups. ImageSharp 2.1.13 allocates a table of 5,003 entries of 8 bytes for each of
    /// them, before it reads the first. The operating system does not commit memory that is never written, but the garbage collector counts
    /// it.
    /// </summary>
    private const long MaxAllocatedForWebp = MaxAllocated + (65_536L * 5_003 * 8);

    private static readonly string[] Names =
    [
        "baseline.jpg", "progressive.jpg", "subsampled.jpg", "gray.jpg", "cmyk.jpg", "orientation-6.jpg",
        "handwritten-7.jpg", "printed-5.jpg",
        "rgb8.png", "rgb16.png", "palette.png", "alpha.png", "interlaced.png", "gray8.png", "bilevel.png",
        "lossy.webp", "lossless.webp", "alpha-lossless.webp", "animated.webp", "still.gif", "animated.gif",
        "rgb24.bmp", "top-down.bmp", "palette8.bmp", "rle8.bmp", "rle4.bmp", "fields32.bmp", "alpha32.bmp",
    ];

    [Fact]
    public void TryDecode_DamagedFile_StaysWithinLimits()
    {
        var variable = Environment.GetEnvironmentVariable("MULTIMODAL_MUTATIONS");
        var count = variable is null ? DefaultCount : int.Parse(variable, CultureInfo.InvariantCulture);
        MediaOptions limits = new() { ImageDecoder = ImageDecoderKind.ImageSharp, ImagePixels = 1_000_000 };
        byte[][] files = [.. Names.Select(TestImages.Read)];
        Dictionary<string, int> outcomes = [], exceptions = [];
        var thread = Environment.CurrentManagedThreadId;
        string? thrown = null;
        void Note(object? sender, FirstChanceExceptionEventArgs args) =>
            thrown = Environment.CurrentManagedThreadId == thread ? thrown ?? args.Exception.GetType().Name : thrown;
        AppDomain.CurrentDomain.FirstChanceException += Note;
        try
        {
            Random random = new(20);
            for (var i = 0; i < count; i++)
            {
                var damaged = Damage(files[i % files.Length], random);
                thrown = null;
                var before = GC.GetAllocatedBytesForCurrentThread();
                var isDecoded = ImageDecoder.TryDecode(damaged, 256, limits, out var image, out var failure);
                var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
                var name = Names[i % files.Length];
                Assert.True(
                    allocated <= (name.EndsWith("webp", StringComparison.Ordinal) ? MaxAllocatedForWebp : MaxAllocated),
                    $"Mutation {i} of {name} allocated {allocated} bytes.");
                Count(outcomes, isDecoded ? "decoded" : failure!.Code.ToString());
                if (thrown is not null)
                {
                    Count(exceptions, thrown);
                }

                if (image is not null)
                {
                    Assert.InRange(image.Width, 1, 256);
                    Assert.InRange(image.Height, 1, 256);
                    Assert.Equal(3 * image.Width * image.Height, image.Pixels.Length);
                }
            }
        }
        finally
        {
            AppDomain.CurrentDomain.FirstChanceException -= Note;
        }

        output.WriteLine(string.Join(", ", outcomes.OrderByDescending(pair => pair.Value).Select(pair => $"{pair.Key} {pair.Value}")));
        output.WriteLine(string.Join(", ", exceptions.OrderByDescending(pair => pair.Value).Select(pair => $"{pair.Key} {pair.Value}")));

        // Mutations that never pass the header, or that have no effect, would test nothing.
        Assert.InRange(outcomes.GetValueOrDefault("decoded"), count / 20, count * 19 / 20);
        Assert.InRange(outcomes.GetValueOrDefault(nameof(MediaFailureCode.Undecodable)), count / 20, count * 19 / 20);
        Assert.NotEmpty(exceptions);
    }

    private static byte[] Damage(byte[] file, Random random)
    {
        byte[] bytes = [.. file];
        for (var left = random.Next(1, 5); left > 0 && bytes.Length > 16; left--)
        {
            int at = random.Next(bytes.Length), length = random.Next(1, Math.Min(64, bytes.Length - at) + 1);
            switch (random.Next(8))
            {
                case 0 or 1:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 3:
                    bytes = bytes[..at];
                    break;
                case 4:
                    bytes = [.. bytes[..at], .. bytes[(at + length)..]];
                    break;
                case 5:
                    bytes = [.. bytes[..at], .. bytes.AsSpan(at, length), .. bytes[at..]];
                    break;
                case 6:
                    var other = random.Next(bytes.Length - length + 1);
                    bytes.AsSpan(other, length).ToArray().CopyTo(bytes, at);
                    break;
                default:
                    WriteFalseNumber(bytes, random);
                    break;
            }
        }

        Seal(bytes);
        return bytes;
    }

    /// <summary>Writes a false length or size in one of both byte orders.</summary>
    private static void WriteFalseNumber(byte[] bytes, Random random)
    {
        var value = random.Next(6) switch
        {
            0 => 0,
            1 => -1,
            2 => int.MaxValue,
            3 => random.Next(),
            4 => random.Next(70_000),
            _ => random.Next(300),
        };
        var target = bytes.AsSpan(random.Next(bytes.Length - 4), 4);
        switch (random.Next(4))
        {
            case 0:
                BinaryPrimitives.WriteInt32BigEndian(target, value);
                break;
            case 1:
                BinaryPrimitives.WriteInt32LittleEndian(target, value);
                break;
            case 2:
                BinaryPrimitives.WriteInt16BigEndian(target, (short)value);
                break;
            default:
                BinaryPrimitives.WriteInt16LittleEndian(target, (short)value);
                break;
        }
    }

    /// <summary>Corrects the checksums of a PNG file, so that the decoder processes the damaged data.</summary>
    private static void Seal(byte[] bytes)
    {
        if (bytes.AsSpan().StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47]))
        {
            for (long offset = 8; offset + 12 <= bytes.Length;)
            {
                PngChunk.Seal(bytes, (int)offset);
                offset += 12L + BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan((int)offset));
            }
        }
    }

    private static void Count(Dictionary<string, int> counts, string name) => counts[name] = counts.GetValueOrDefault(name) + 1;
}
