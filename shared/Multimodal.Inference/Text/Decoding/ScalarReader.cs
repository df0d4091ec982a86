using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Multimodal.Inference.Text.Decoding;

/// <summary>
/// Reads Unicode scalar values from bytes one by one, without a copy, so that a limit on characters can stop the decoding early.
/// The byte order mark at the start selects the encoding and is skipped.
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

    /// <summary>The encoding; UTF-8 without a byte order mark.</summary>
    public TextEncoding Encoding { get; }

    /// <summary>Reads one scalar value.</summary>
    /// <returns><see cref="OperationStatus.Done"/>; <see cref="OperationStatus.NeedMoreData"/> at the end of the text;
    /// <see cref="OperationStatus.InvalidData"/> if the bytes are invalid or end inside a character.</returns>
    public OperationStatus TryRead(out Rune scalar)
    {
        scalar = default;
        if (_rest.IsEmpty)
        {
            return OperationStatus.NeedMoreData;
        }

        int consumed;
        if (Encoding == TextEncoding.Utf8)
        {
            if (Rune.DecodeFromUtf8(_rest, out scalar, out consumed) != OperationStatus.Done)
            {
                return OperationStatus.InvalidData;
            }
        }
        else if (!TryReadUtf16(out scalar, out consumed))
        {
            return OperationStatus.InvalidData;
        }

        _rest = _rest[consumed..];
        return OperationStatus.Done;
    }

    private readonly bool TryReadUtf16(out Rune scalar, out int consumed)
    {
        scalar = default;
        consumed = 2;
        if (_rest.Length < 2)
        {
            return false;
        }

        var first = Unit(_rest);
        if (Rune.TryCreate(first, out scalar))
        {
            return true;
        }

        consumed = 4;
        return _rest.Length >= 4 && Rune.TryCreate(first, Unit(_rest[2..]), out scalar);
    }

    private readonly char Unit(ReadOnlySpan<byte> bytes) => (char)(Encoding == TextEncoding.Utf16LittleEndian
        ? BinaryPrimitives.ReadUInt16LittleEndian(bytes)
        : BinaryPrimitives.ReadUInt16BigEndian(bytes));
}
