using System.Buffers.Binary;

namespace Multimodal.Inference.Audio.Backends.Managed.Pcm;

/// <summary>
/// Microsoft ADPCM (WAVE format 2): four bits per sample, the error of a second-order prediction in adaptive steps. Tables and block
/// layout: Microsoft, "New Multimedia Data Types and Data Techniques", 1994.
/// </summary>
internal sealed class MsAdpcm(int blockBytes, int channels) : IAdpcmCodec
{
    private const int HeaderBytes = 7;
    private const int MinStep = 16;

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

        for (var index = 2 * channels; index < samples.Length; index++)
        {
            var nibble = index - (2 * channels);
            var pair = block[(HeaderBytes * channels) + (nibble / 2)];
            var code = nibble % 2 == 0 ? pair >> 4 : pair & 15;
            var channel = index % channels;
            var (first, second) = (First[predictor[channel]], Second[predictor[channel]]);
            var predicted = ((samples[index - channels] * first) + (samples[index - (2 * channels)] * second)) >> 8;
            var error = (code < 8 ? code : code - 16) * step[channel];
            samples[index] = (short)Math.Clamp(predicted + error, short.MinValue, short.MaxValue);
            // The format stores steps in 16 bits, so a damaged block cannot increase them without limit.
            step[channel] = Math.Max((int)(short)((Adaptation[code] * step[channel]) >> 8), MinStep);
        }
    }

    private static short Short(ReadOnlySpan<byte> block, int index) => BinaryPrimitives.ReadInt16LittleEndian(block[index..]);
}
