using System.Buffers.Binary;
using Multimodal.Tool.Commands;

namespace Multimodal.Bench.Upgrade;

/// <summary>Requests with a sound that is silent, for which versions answer differently.</summary>
internal static class SilentSound
{
    private const int Rate = 8000;

    /// <summary>A request with a text and a silent sound.</summary>
    public static LoadSample WithText { get; } = new("the number is seven", null, Wav());

    /// <summary>A request with nothing but a silent sound.</summary>
    public static LoadSample Alone { get; } = new(null, null, Wav());

    /// <summary>A second of digital silence: 16-bit PCM, one channel.</summary>
    private static byte[] Wav()
    {
        var wav = new byte[44 + (2 * Rate)];
        "RIFF"u8.CopyTo(wav);
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(4), wav.Length - 8);
        "WAVEfmt "u8.CopyTo(wav.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(16), 16);
        BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(20), 1);
        BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(22), 1);
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(24), Rate);
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(28), 2 * Rate);
        BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(32), 2);
        BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(34), 16);
        "data"u8.CopyTo(wav.AsSpan(36));
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(40), wav.Length - 44);
        return wav;
    }
}
