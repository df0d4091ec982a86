using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Multimodal.Contracts.Values;
using Multimodal.Inference.Audio.Decoding;
using Multimodal.Inference.Media;
using Multimodal.Inference.Vision;
using Multimodal.Inference.Vision.Decoding;

namespace Multimodal.Bench.Parity;

/// <summary>Decodes a file as the experts do.</summary>
internal static class Decoding
{
    /// <summary>Longest edge to which the vision experts scale an image.</summary>
    public const int Edge = 512;

    /// <summary>The image, or null and the reason.</summary>
    public static RgbImage? Image(byte[] bytes, MediaOptions media, out MediaFailure? failure) =>
        ImageDecoder.TryDecode(bytes, Edge, media, out var image, out failure) ? image : null;

    /// <summary>Mono samples at <paramref name="rate"/> hertz, or null and the reason.</summary>
    public static float[]? Sound(byte[] bytes, MediaOptions media, int rate, out MediaFailure? failure) =>
        AudioDecoder.TryDecode(bytes, media, rate, out var samples, out failure) ? samples.ToArray() : null;

    /// <summary>
    /// SHA-256 over all decoded data of a file: an image at 256 pixels, 512 pixels and full size, a sound at the given rates. Null if the
    /// file is rejected.
    /// </summary>
    public static string? Digest(ParityFile file, byte[] bytes, MediaOptions media, IReadOnlyList<int> rates)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        if (file.Modality == Modality.Audio)
        {
            foreach (var rate in rates)
            {
                if (Sound(bytes, media, rate, out _) is not { } samples)
                {
                    return null;
                }

                hash.AppendData(MemoryMarshal.AsBytes(samples.AsSpan()));
            }
        }
        else
        {
            Span<byte> size = stackalloc byte[8];
            foreach (var edge in (ReadOnlySpan<int>)[256, Edge, 16_384])
            {
                if (!ImageDecoder.TryDecode(bytes, edge, media, out var image, out _))
                {
                    return null;
                }

                BinaryPrimitives.WriteInt32LittleEndian(size, image.Width);
                BinaryPrimitives.WriteInt32LittleEndian(size[4..], image.Height);
                hash.AppendData(size);
                hash.AppendData(image.Pixels);
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
