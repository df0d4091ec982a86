using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Multimodal.Inference.Text.Decoding;

/// <summary>
/// Reads Unicode scalar values from bytes, one after the other and without a copy, so that a limit on characters can stop
/// the reading early. The byte order mark at the start decides the encoding and is not given out.
/// </summary>
internal ref struct ScalarReader
{
    private ReadOnlySpan<byte> _rest;

    public ScalarReader(ReadOnlySpan<byte> bytes)
    {
        var mark = 0;
        if (bytes.StartsWith<byte>([0xEF, 0xBB, 0xBF]))
        {
            mark = 3;
        }
        else if (bytes.StartsWith<byte>([0xFF, 0xFE]))
        {
            (Encoding, mark) = (TextEncoding.Utf16LittleEndian, 2);
        }
        else if (bytes.StartsWith<byte>([0xFE, 0xFF]))
        {
            (Encoding, mark) = (TextEncoding.Utf16BigEndian, 2);
        }

        _rest = bytes[mark..];
    }

    /// <summary>The encoding found.</summary>
    public TextEncoding Encoding { get; }

    /// <summary>Reads one scalar.</summary>
    /// <returns><see cref="OperationStatus.Done"/>; <see cref="OperationStatus.NeedMoreData"/> at the end of the text;
    /// <see cref="OperationStatus.InvalidData"/> where the bytes are no scalar, a cut one included.</returns>
    public OperationStatus TryRead(out Rune scalar)
    {
        scalar = default;
        if (_rest.IsEmpty)
        {
            return OperationStatus.NeedMoreData;
        }

        int used;
        if (Encoding == TextEncoding.Utf8)
        {
            if (Rune.DecodeFromUtf8(_rest, out scalar, out used) != OperationStatus.Done)
            {
                return OperationStatus.InvalidData;
            }
        }
        else if (!TryReadUtf16(out scalar, out used))
        {
            return OperationStatus.InvalidData;
        }

        _rest = _rest[used..];
        return OperationStatus.Done;
    }

    private readonly bool TryReadUtf16(out Rune scalar, out int used)
    {
        scalar = default;
        used = 2;
        if (_rest.Length < 2)
        {
            return false;
        }

        var first = Unit(_rest);
        if (Rune.TryCreate(first, out scalar))
        {
            return true;
        }

        used = 4;
        return _rest.Length >= 4 && Rune.TryCreate(first, Unit(_rest[2..]), out scalar);
    }

    private readonly char Unit(ReadOnlySpan<byte> bytes) => (char)(Encoding == TextEncoding.Utf16LittleEndian
        ? BinaryPrimitives.ReadUInt16LittleEndian(bytes)
        : BinaryPrimitives.ReadUInt16BigEndian(bytes));
}
