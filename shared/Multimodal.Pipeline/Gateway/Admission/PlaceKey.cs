using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Multimodal.Pipeline.Gateway.Admission;

/// <summary>
/// Identifies a waiting request, or a client. It is a hash, so that its size does not depend on what the client sent, and equal at all gateways.
/// </summary>
internal readonly record struct PlaceKey(UInt128 Value)
{
    /// <summary>The key of a sequence of texts.</summary>
    public static PlaceKey Of(params ReadOnlySpan<string> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach (var part in parts)
        {
            var bytes = Encoding.UTF8.GetBytes(part);
            BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes);
        }

        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(digest);
        return new PlaceKey(BinaryPrimitives.ReadUInt128LittleEndian(digest));
    }

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    public static PlaceKey? Parse(string text) =>
        UInt128.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) ? new PlaceKey(value) : null;

    public override string ToString() => Value.ToString("x32", CultureInfo.InvariantCulture);
}
