using System.Buffers.Binary;

namespace Multimodal.Inference.Audio.Backends.Managed.Pcm;

/// <summary>
/// IMA ADPCM in WAV files (format 17): four bits per sample, the difference from the previous sample in steps from a table. Tables:
/// Interactive Multimedia Association, "Recommended Practices for Enhancing Digital Audio Compatibility", 1992.
/// </summary>
internal sealed class ImaAdpcm(int blockBytes, int channels) : IAdpcmCodec
{
    private const int HeaderBytes = 4;

    // After the headers, the channels alternate in runs of four bytes: eight samples, the low nibble of a byte first.
    private const int RunBytes = 4;

    private static readonly sbyte[] IndexChange = [-1, -1, -1, -1, 2, 4, 6, 8];

    private static readonly short[] Steps =
    [
        7, 8, 9, 10, 11, 12, 13, 14, 16, 17, 19, 21, 23, 25, 28, 31, 34, 37, 41, 45, 50, 55, 60, 66, 73, 80, 88, 97, 107, 118, 130, 143,
        157, 173, 190, 209, 230, 253, 279, 307, 337, 371, 408, 449, 494, 544, 598, 658, 724, 796, 876, 963, 1060, 1166, 1282, 1411, 1552,
        1707, 1878, 2066, 2272, 2499, 2749, 3024, 3327, 3660, 4026, 4428, 4871, 5358, 5894, 6484, 7132, 7845, 8630, 9493, 10442, 11487,
        12635, 13899, 15289, 16818, 18500, 20350, 22385, 24623, 27086, 29794, 32767,
    ];

    public int Channels => channels;

    public int BlockBytes => blockBytes;

    public int Frames(int bytes) =>
        bytes < HeaderBytes * channels ? 0 : 1 + ((bytes - (HeaderBytes * channels)) / (RunBytes * channels) * 8);

    public void Decode(ReadOnlySpan<byte> block, Span<short> samples)
    {
        for (var channel = 0; channel < channels; channel++)
        {
            var header = block[(HeaderBytes * channel)..];
            int value = BinaryPrimitives.ReadInt16LittleEndian(header);
            var index = Math.Min((int)header[2], Steps.Length - 1);
            samples[channel] = (short)value;
            for (var frame = 1; (frame * channels) + channel < samples.Length; frame++)
            {
                var (run, nibble) = Math.DivRem(frame - 1, 8);
                var pair = block[(HeaderBytes * channels) + (RunBytes * ((run * channels) + channel)) + (nibble / 2)];
                var code = nibble % 2 == 0 ? pair & 15 : pair >> 4;
                value = Math.Clamp(value + Difference(code, Steps[index]), short.MinValue, short.MaxValue);
                index = Math.Clamp(index + IndexChange[code & 7], 0, Steps.Length - 1);
                samples[(frame * channels) + channel] = (short)value;
            }
        }
    }

    /// <summary>Computes (2 x magnitude + 1) x step / 8, each term truncated as the document requires. Bit 3 is the sign.</summary>
    private static int Difference(int code, int step)
    {
        var difference = (step >> 3) + ((code & 4) != 0 ? step : 0) + ((code & 2) != 0 ? step >> 1 : 0) + ((code & 1) != 0 ? step >> 2 : 0);
        return (code & 8) != 0 ? -difference : difference;
    }
}
