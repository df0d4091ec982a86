using System.Buffers.Binary;

namespace Multimodal.Inference.Vision.Formats;

/// <summary>Reads the sample format of the first page of a TIFF file (TIFF 6.0, section 8; BigTIFF).</summary>
internal static class TiffSamples
{
    private const int BitsPerSample = 258, SampleFormat = 339;
    private const int Unsigned = 1, Signed = 2, FloatingPoint = 3, Untyped = 4;
    private const int MaxTags = 4096;

    /// <summary>
    /// Returns the samples that no backend converts to the right levels, for example "with 32-bit integer samples"; null if there are none,
    /// or if the tags cannot be read.
    /// </summary>
    public static string? Unsupported(ReadOnlySpan<byte> file)
    {
        int? bits = Find(file, BitsPerSample) ?? 1, format = Find(file, SampleFormat) ?? Unsigned;
        return (format, bits) switch
        {
            (Unsigned or Untyped, <= 8 or 16) => null,
            (FloatingPoint, 32) => null,
            (FloatingPoint, _) => FormattableString.Invariant($"with {bits}-bit floating-point samples"),
            (Signed, _) => "with signed samples",
            (Unsigned or Untyped, _) => FormattableString.Invariant($"with {bits}-bit integer samples"),
            _ => "with complex samples",
        };
    }

    /// <summary>Returns the first value of a tag of 16-bit numbers.</summary>
    private static int? Find(ReadOnlySpan<byte> file, int tag)
    {
        if (file.Length < 16)
        {
            return null;
        }

        var isLittle = file[0] == 0x49;
        var isBig = Word(file[2..], isLittle) == 43;
        var directory = isBig ? Long(file[8..], isLittle) : Int(file[4..], isLittle);
        var (countLength, entryLength, valueOffset) = isBig ? (8, 20, 12) : (2, 12, 8);
        if (directory < 8 || directory > file.Length - countLength)
        {
            return null;
        }

        var entries = file[(int)directory..];
        var count = isBig ? Long(entries, isLittle) : Word(entries, isLittle);
        for (var i = 0; i < Math.Min(count, MaxTags) && countLength + ((i + 1) * entryLength) <= entries.Length; i++)
        {
            var entry = entries.Slice(countLength + (i * entryLength), entryLength);
            if (Word(entry, isLittle) == tag)
            {
                var values = isBig ? Long(entry[4..], isLittle) : Int(entry[4..], isLittle);
                var room = isBig ? 4 : 2;
                var offset = isBig ? Long(entry[valueOffset..], isLittle) : Int(entry[valueOffset..], isLittle);
                return values <= room ? Word(entry[valueOffset..], isLittle)
                    : offset >= 0 && offset <= file.Length - 2 ? Word(file[(int)offset..], isLittle)
                    : null;
            }
        }

        return null;
    }

    private static int Word(ReadOnlySpan<byte> bytes, bool isLittle) =>
        isLittle ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);

    private static long Int(ReadOnlySpan<byte> bytes, bool isLittle) =>
        isLittle ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);

    private static long Long(ReadOnlySpan<byte> bytes, bool isLittle) =>
        isLittle ? BinaryPrimitives.ReadInt64LittleEndian(bytes) : BinaryPrimitives.ReadInt64BigEndian(bytes);
}
