using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Multimodal.Inference.Vision.Filters;

/// <summary>The channels of 16 neighbouring pixels.</summary>
internal readonly record struct ColourPlanes(Vector256<short> Red, Vector256<short> Green, Vector256<short> Blue)
{
    /// <summary>Number of pixels.</summary>
    public const int Count = 16;

    /// <summary>Loads 16 pixels.</summary>
    /// <param name="rgb">R, G and B interleaved, at least 48 bytes.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ColourPlanes Load(ReadOnlySpan<byte> rgb)
    {
        // Each channel takes every third byte: 5 or 6 of each of the three vectors. An index out of range gives zero.
        Vector128<byte> first = Vector128.Create(rgb), second = Vector128.Create(rgb[16..]), third = Vector128.Create(rgb[32..]);
        var red = Vector128.Shuffle(first, Vector128.Create(0, 3, 6, 9, 12, 15, N, N, N, N, N, N, N, N, N, N))
            | Vector128.Shuffle(second, Vector128.Create(N, N, N, N, N, N, 2, 5, 8, 11, 14, N, N, N, N, N))
            | Vector128.Shuffle(third, Vector128.Create(N, N, N, N, N, N, N, N, N, N, N, 1, 4, 7, 10, 13));
        var green = Vector128.Shuffle(first, Vector128.Create(1, 4, 7, 10, 13, N, N, N, N, N, N, N, N, N, N, N))
            | Vector128.Shuffle(second, Vector128.Create(N, N, N, N, N, 0, 3, 6, 9, 12, 15, N, N, N, N, N))
            | Vector128.Shuffle(third, Vector128.Create(N, N, N, N, N, N, N, N, N, N, N, 2, 5, 8, 11, 14));
        var blue = Vector128.Shuffle(first, Vector128.Create(2, 5, 8, 11, 14, N, N, N, N, N, N, N, N, N, N, N))
            | Vector128.Shuffle(second, Vector128.Create(N, N, N, N, N, 1, 4, 7, 10, 13, N, N, N, N, N, N))
            | Vector128.Shuffle(third, Vector128.Create(N, N, N, N, N, N, N, N, N, N, 0, 3, 6, 9, 12, 15));
        return new ColourPlanes(Widen(red), Widen(green), Widen(blue));
    }

    private const byte N = 255;

    private static Vector256<short> Widen(Vector128<byte> levels) => Vector256.WidenLower(levels.ToVector256Unsafe()).AsInt16();
}
