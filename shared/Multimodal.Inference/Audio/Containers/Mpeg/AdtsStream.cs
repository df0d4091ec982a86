using Multimodal.Inference.Audio.Formats;

namespace Multimodal.Inference.Audio.Containers.Mpeg;

/// <summary>Recognizes AAC in ADTS frames (ISO/IEC 14496-3, section 1.A.2), and counts the frames.</summary>
internal static class AdtsStream
{
    private const int HeaderLength = 7;
    private const int SamplesPerBlock = 1024;

    private static ReadOnlySpan<int> SampleRates =>
        [96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350];

    /// <summary>Recognizes a stream whose first two frames are complete.</summary>
    public static AudioFile? Recognize(ReadOnlyMemory<byte> content)
    {
        var rest = content.Span;
        var (frames, seconds) = (0, 0.0);
        while (TryRead(rest, out var length, out var duration))
        {
            rest = rest[length..];
            frames++;
            seconds += duration;
        }

        return frames >= 2 ? new AudioFile(AudioFormat.Adts, [], content) { Seconds = seconds } : null;
    }

    private static bool TryRead(ReadOnlySpan<byte> bytes, out int length, out double seconds)
    {
        (length, seconds) = (0, 0);
        // Twelve bits of ones and the layer 0; Layer III has another number there.
        if (bytes.Length < HeaderLength || bytes[0] != 0xFF || (bytes[1] & 0xF6) != 0xF0)
        {
            return false;
        }

        var rate = (bytes[2] >> 2) & 15;
        length = ((bytes[3] & 3) << 11) | (bytes[4] << 3) | (bytes[5] >> 5);
        if (rate >= SampleRates.Length || length <= HeaderLength || length > bytes.Length)
        {
            return false;
        }

        seconds = (double)SamplesPerBlock * ((bytes[6] & 3) + 1) / SampleRates[rate];
        return true;
    }
}
