using System.Buffers.Binary;

namespace Multimodal.Bench.Fuzz.Mutation;

/// <summary>Mutates files: bytes without regard to the format, and segments that the format defines.</summary>
/// <param name="corpus">Files whose parts are spliced into others.</param>
internal sealed class FileMutator(IReadOnlyList<byte[]> corpus)
{
    private const int MaxLength = 200_000;

    private static readonly long[] Numbers =
    [
        0, 1, 2, 3, 7, 8, 15, 16, 64, 127, 128, 255, 256, 1000, 32_767, 32_768, 65_535, 65_536, 100_000, 0x0100_0000, int.MaxValue,
        0x8000_0000, uint.MaxValue, int.MinValue, -1, -2, -128, long.MaxValue, long.MinValue,
    ];

    /// <summary>Applies one to six mutations.</summary>
    public byte[] Mutate(byte[] file, Random random)
    {
        var hasStructure = false;
        for (var left = 1 + random.Next(random.Next(1, 7)); left > 0 && file.Length > 0; left--)
        {
            var isStructural = random.Next(3) > 0;
            hasStructure |= isStructural;
            file = isStructural ? MutateSegment(file, random) : MutateBytes(file, random);
            file = file.Length > MaxLength ? file[..MaxLength] : file;
        }

        if (hasStructure && random.Next(8) > 0)
        {
            Checksums.Repair(file);
        }

        return file;
    }

    /// <summary>Applies one mutation that knows nothing about the format.</summary>
    public byte[] MutateBytes(byte[] file, Random random)
    {
        if (file.Length == 0)
        {
            return [(byte)random.Next(256)];
        }

        var copy = (byte[])file.Clone();
        var at = random.Next(file.Length);
        var length = Math.Min(file.Length - at, Size(random));
        switch (random.Next(8))
        {
            case 0:
                copy[at] ^= (byte)(1 << random.Next(8));
                return copy;
            case 1:
                random.NextBytes(copy.AsSpan(at, Math.Min(length, 64)));
                return copy;
            case 2:
                return [.. file[..at], .. Filler(random), .. file[at..]];
            case 3:
                return [.. file[..at], .. file[(at + length)..]];
            case 4:
                return [.. file[..(at + length)], .. file[at..]];
            case 5:
                WriteNumber(copy.AsSpan(at), Numbers[random.Next(Numbers.Length)], 1 << random.Next(4), random.Next(2) == 0);
                return copy;
            case 6:
                var other = corpus[random.Next(corpus.Count)];
                return [.. file[..at], .. other[random.Next(other.Length + 1)..]];
            default:
                return file[..at];
        }
    }

    private byte[] MutateSegment(byte[] file, Random random)
    {
        var segments = Segments.Find(file);
        if (segments.Count == 0)
        {
            return MutateBytes(file, random);
        }

        var one = segments[random.Next(segments.Count)];
        var other = segments[random.Next(segments.Count)];
        var copy = (byte[])file.Clone();
        var content = copy.AsSpan(one.Start, one.Length);
        switch (random.Next(8))
        {
            case 0:
                return [.. file[..one.Start], .. file[(one.Start + one.Length)..]];
            case 1:
                return [.. file[..(one.Start + one.Length)], .. content, .. file[(one.Start + one.Length)..]];
            case 2:
                return [.. file[..other.Start], .. content, .. file[other.Start..]];
            case 3 or 4:
                WriteNumber(copy.AsSpan(one.SizeAt), Numbers[random.Next(Numbers.Length)], one.SizeBytes, one.IsBigEndian);
                return copy;
            case 5:
                var field = copy.AsSpan(one.SizeAt, Math.Min(one.SizeBytes, copy.Length - one.SizeAt));
                if (!field.IsEmpty)
                {
                    field[one.IsBigEndian ? field.Length - 1 : 0] += (byte)(random.Next(2) == 0 ? 1 : 255);
                }

                return copy;
            case 6:
                random.NextBytes(content[random.Next(content.Length)..][..1]);
                return copy;
            default:
                return file[..(one.Start + random.Next(one.Length + 1))];
        }
    }

    private static int Size(Random random) => 1 + random.Next(1 << random.Next(1, 12));

    private static byte[] Filler(Random random)
    {
        var bytes = new byte[Size(random)];
        switch (random.Next(3))
        {
            case 0:
                random.NextBytes(bytes);
                break;
            case 1:
                Array.Fill(bytes, (byte)0xFF);
                break;
        }

        return bytes;
    }

    private static void WriteNumber(Span<byte> bytes, long value, int width, bool isBigEndian)
    {
        Span<byte> number = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(number, value);
        width = Math.Min(width, bytes.Length);
        for (var i = 0; i < width; i++)
        {
            bytes[isBigEndian ? width - 1 - i : i] = number[i];
        }
    }
}
