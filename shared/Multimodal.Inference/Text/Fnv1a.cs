using System.Text;

namespace Multimodal.Inference.Text;

/// <summary>FNV-1a, 32 bits (Fowler, Noll, Vo; RFC 9923): the same in every process, unlike <see cref="string.GetHashCode()"/>.</summary>
internal static class Fnv1a
{
    /// <summary>The hash of no bytes.</summary>
    public const uint Start = 2166136261;

    private const uint Prime = 16777619;

    /// <summary>Goes on with one byte.</summary>
    public static uint Add(uint hash, byte value) => unchecked((hash ^ value) * Prime);

    /// <summary>Goes on with the four bytes of a scalar value, lowest first.</summary>
    public static uint Add(uint hash, Rune scalar)
    {
        var value = scalar.Value;
        return Add(Add(Add(Add(hash, (byte)value), (byte)(value >> 8)), (byte)(value >> 16)), 0);
    }
}
