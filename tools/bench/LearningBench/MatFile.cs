using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Multimodal.Bench.LearningBench;

/// <summary>
/// Reads the real, numeric, two-dimensional arrays of a MATLAB 5.0 file (MathWorks, "MAT-File Format", level 5): little-endian, compressed
/// or uncompressed. Other content is an error.
/// </summary>
internal static class MatFile
{
    private const int HeaderLength = 128;
    private const int Matrix = 14;
    private const int Compressed = 15;

    /// <summary>Returns every array by name, as rows.</summary>
    /// <exception cref="InvalidDataException">The content is not a supported MATLAB file.</exception>
    public static IReadOnlyDictionary<string, double[][]> Read(ReadOnlyMemory<byte> file)
    {
        if (file.Length < HeaderLength || file.Span[126] != (byte)'I' || file.Span[127] != (byte)'M')
        {
            throw new InvalidDataException("The file is not a little-endian MATLAB 5.0 file.");
        }

        var arrays = new Dictionary<string, double[][]>(StringComparer.Ordinal);
        var rest = file[HeaderLength..];
        while (rest.Length >= 8)
        {
            var (type, body, length) = Next(rest);
            rest = rest[Math.Min(length, rest.Length)..];
            if (type == Compressed)
            {
                (type, body, _) = Next(Inflate(body));
            }

            var (name, rows) = type == Matrix ? ReadMatrix(body) : throw new InvalidDataException(
                $"The file contains an element of unsupported type {type}.");
            arrays[name] = rows;
        }

        return arrays;
    }

    private static byte[] Inflate(ReadOnlyMemory<byte> packed)
    {
        using var zlib = new ZLibStream(new MemoryStream(packed.ToArray()), CompressionMode.Decompress);
        var unpacked = new MemoryStream();
        zlib.CopyTo(unpacked);
        return unpacked.ToArray();
    }

    // A tag has four bytes of type and four of length. Up to four bytes of data fit into the tag, with their length in the upper half of
    // the type.
    private static (int Type, ReadOnlyMemory<byte> Body, int Length) Next(ReadOnlyMemory<byte> data)
    {
        if (data.Length < 8)
        {
            throw new InvalidDataException("The file ends inside an element.");
        }

        var first = BinaryPrimitives.ReadInt32LittleEndian(data.Span);
        var small = (first >> 16) & 0xFFFF;
        var size = small > 0 ? small : BinaryPrimitives.ReadInt32LittleEndian(data.Span[4..]);
        var start = small > 0 ? 4 : 8;
        if (size < 0 || size > data.Length - start)
        {
            throw new InvalidDataException("An element is longer than the file.");
        }

        // Elements inside an array are padded to eight bytes; compressed ones are not.
        var type = first & 0xFFFF;
        var length = small > 0 ? 8 : type == Compressed ? 8 + size : 8 + ((size + 7) & ~7);
        return (type, data.Slice(start, size), length);
    }

    private static (string Name, double[][] Rows) ReadMatrix(ReadOnlyMemory<byte> body)
    {
        var parts = new List<(int Type, ReadOnlyMemory<byte> Body)>();
        while (body.Length >= 8 && parts.Count < 4)
        {
            var (type, part, length) = Next(body);
            parts.Add((type, part));
            body = body[Math.Min(length, body.Length)..];
        }

        if (parts.Count < 4 || parts[1].Body.Length != 8)
        {
            throw new InvalidDataException("An array is not real, numeric and two-dimensional.");
        }

        var rows = BinaryPrimitives.ReadInt32LittleEndian(parts[1].Body.Span);
        var columns = BinaryPrimitives.ReadInt32LittleEndian(parts[1].Body.Span[4..]);
        var values = Numbers(parts[3].Type, parts[3].Body);
        if (rows < 0 || columns < 0 || (long)rows * columns != values.Length)
        {
            throw new InvalidDataException("The dimensions of an array do not match its number of values.");
        }

        // Values are stored in column-major order.
        return (
            Encoding.ASCII.GetString(parts[2].Body.Span),
            [.. Enumerable.Range(0, rows).Select(r => Enumerable.Range(0, columns).Select(c => values[c * rows + r]).ToArray())]);
    }

    private static double[] Numbers(int type, ReadOnlyMemory<byte> data)
    {
        double[] Each(int width, Func<ReadOnlyMemory<byte>, double> read) =>
            [.. Enumerable.Range(0, data.Length / width).Select(i => read(data.Slice(i * width, width)))];
        return type switch
        {
            1 => Each(1, b => (sbyte)b.Span[0]),
            2 => Each(1, b => b.Span[0]),
            3 => Each(2, b => BinaryPrimitives.ReadInt16LittleEndian(b.Span)),
            4 => Each(2, b => BinaryPrimitives.ReadUInt16LittleEndian(b.Span)),
            5 => Each(4, b => BinaryPrimitives.ReadInt32LittleEndian(b.Span)),
            6 => Each(4, b => BinaryPrimitives.ReadUInt32LittleEndian(b.Span)),
            7 => Each(4, b => BinaryPrimitives.ReadSingleLittleEndian(b.Span)),
            9 => Each(8, b => BinaryPrimitives.ReadDoubleLittleEndian(b.Span)),
            _ => throw new InvalidDataException($"An array has values of unsupported type {type}."),
        };
    }
}
