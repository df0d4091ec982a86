using System.Buffers.Binary;

namespace Multimodal.Inference.Audio.Backends.Managed.Pcm;

/// <summary>
/// Microsoft ADPCM (WAVE format 2): four bits per sample, the error of a second-order prediction in steps that adapt. Tables and
/// block layout: Microsoft, "New Multimedia Data Types and Data Techniques", 1994.
/// </summary>
internal sealed class MsAdpcm(int blockBytes, int channels) : IAdpcmCodec
{
    private const int HeaderBytes = 7;
    private const int SmallestStep = 16;

    private static readonly short[] Adaptation = [230, 230, 230, 230, 307, 409, 512, 614, 768, 614, 512, 409, 307, 230, 230, 230];
    private static readonly short[] First = [256, 512, 0, 192, 240, 460, 392];
    private static readonly short[] Second = [0, -256, 0, 64, 0, -208, -232];

    public int Channels => channels;

    public int BlockBytes => blockBytes;

    public int Frames(int bytes) => bytes < HeaderBytes * channels ? 0 : 2 + ((bytes - (HeaderBytes * channels)) * 2 / channels);

    public void Decode(ReadOnlySpan<byte> block, Span<short> samples)
    {
        Span<int> predictor = stackalloc int[channels];
        Span<int> step = stackalloc int[channels];
        for (var channel = 0; channel < channels; channel++)
        {
            predictor[channel] = Math.Min(block[channel], First.Length - 1);
            step[channel] = Short(block, channels + (2 * channel));
            samples[channels + channel] = Short(block, (3 * channels) + (2 * channel));
            samples[channel] = Short(block, (5 * channels) + (2 * channel));
        }

        for (var at = 2 * channels; at < samples.Length; at++)
        {
            var nibble = at - (2 * channels);
            var pair = block[(HeaderBytes * channels) + (nibble / 2)];
            var code = nibble % 2 == 0 ? pair >> 4 : pair & 15;
            var channel = at % channels;
            var predicted = ((samples[at - channels] * First[predictor[channel]]) + (samples[at - (2 * channels)] * Second[predictor[channel]])) >> 8;
            var error = (code < 8 ? code : code - 16) * step[channel];
            samples[at] = (short)Math.Clamp(predicted + error, short.MinValue, short.MaxValue);
            // A step is stored as 16 bits, so a damaged block cannot make it grow without end.
            step[channel] = Math.Max((int)(short)((Adaptation[code] * step[channel]) >> 8), SmallestStep);
        }
    }

    private static short Short(ReadOnlySpan<byte> block, int at) => BinaryPrimitives.ReadInt16LittleEndian(block[at..]);
}
