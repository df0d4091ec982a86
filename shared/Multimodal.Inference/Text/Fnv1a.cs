using System.Text;

namespace Multimodal.Inference.Text;

/// <summary>
/// The 32-bit FNV-1a hash (Fowler, Noll, Vo; RFC 9923). Unlike <see cref="string.GetHashCode()"/> it is the same in every process, so
/// trained models can depend on it.
/// </summary>
internal static class Fnv1a
{
    /// <summary>The hash of the empty sequence.</summary>
    public const uint Start = 2166136261;

    private const uint Prime = 16777619;

    /// <summary>Adds one byte to a hash.</summary>
    public static uint Add(uint hash, byte value) => unchecked((hash ^ value) * Prime);

    /// <summary>Adds the four bytes of a scalar value to a hash, lowest first.</summary>
    public static uint Add(uint hash, Rune scalar)
    {
        var value = scalar.Value;
        return Add(Add(Add(Add(hash, (byte)value), (byte)(value >> 8)), (byte)(value >> 16)), 0);
    }
}
