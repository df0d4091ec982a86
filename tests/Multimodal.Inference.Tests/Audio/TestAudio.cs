using System.Buffers.Binary;
using System.Text;

namespace Multimodal.Inference.Tests.Audio;

/// <summary>Creates signals, and WAV files with arbitrary headers.</summary>
internal static class TestAudio
{
    public const ushort Pcm = 1;
    public const ushort Float = 3;
    public const ushort ALaw = 6;
    public const ushort MuLaw = 7;

    public static float[] Tone(int rate, double seconds, double hertz = 440, double amplitude = 0.5) =>
        [.. Enumerable.Range(0, (int)(rate * seconds)).Select(i => (float)(amplitude * Math.Sin(2 * Math.PI * hertz * i / rate)))];

    /// <summary>Creates the two tones of a telephone key (ITU-T Q.23) at the same level.</summary>
    public static float[] Key(int digit, int rate, double seconds)
    {
        double[] rows = [697, 770, 852, 941];
        double[] columns = [1209, 1336, 1477];
        var (row, column) = digit == 0 ? (3, 1) : ((digit - 1) / 3, (digit - 1) % 3);
        return Sum(Tone(rate, seconds, rows[row], 0.25), Tone(rate, seconds, columns[column], 0.25));
    }

    public static float[] Noise(int rate, double seconds, double rms, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, (int)(rate * seconds)).Select(_ => (float)(rms * Math.Sqrt(3) * ((2 * random.NextDouble()) - 1)))];
    }

    public static float[] Sum(float[] a, float[] b) => [.. a.Zip(b, (x, y) => x + y)];

    public static float[] Silence(int rate, double seconds) => new float[(int)(rate * seconds)];

    public static byte[] Wav(float[] mono, int rate, int bits = 16, ushort format = Pcm, int channels = 1)
    {
        var interleaved = mono.SelectMany(sample => Enumerable.Repeat(sample, channels));
        return Wav([.. interleaved.SelectMany(sample => Encode(sample, bits, format))], rate, bits, format, channels);
    }

    /// <summary>Creates a WAV file with the given data. The header contains the given values, even if they are invalid.</summary>
    public static byte[] Wav(byte[] data, int rate, int bits, ushort format, int channels)
    {
        var file = new MemoryStream();
        using var writer = new BinaryWriter(file, Encoding.ASCII);
        writer.Write("RIFF"u8);
        writer.Write((uint)(36 + data.Length));
        writer.Write("WAVEfmt "u8);
        writer.Write(16);
        writer.Write(format);
        writer.Write((ushort)channels);
        writer.Write(rate);
        writer.Write(rate * channels * bits / 8);
        writer.Write((ushort)(channels * bits / 8));
        writer.Write((ushort)bits);
        writer.Write("data"u8);
        writer.Write((uint)data.Length);
        writer.Write(data);
        return file.ToArray();
    }

    /// <summary>Converts the format chunk of a file to WAVE_FORMAT_EXTENSIBLE (40 bytes).</summary>
    public static byte[] Extensible(byte[] wav)
    {
        byte[] subformat = [wav[20], wav[21], 0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71];
        byte[] extra = [22, 0, wav[34], wav[35], 4, 0, 0, 0, .. subformat];
        byte[] file = [.. wav[..16], 40, 0, 0, 0, 0xFE, 0xFF, .. wav[22..36], .. extra, .. wav[36..]];
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(4), file.Length - 8);
        return file;
    }

    private static byte[] Encode(float sample, int bits, ushort format)
    {
        var bytes = new byte[8];
        switch (format, bits)
        {
            case (Pcm, 8):
                bytes[0] = (byte)Math.Round(128 + (127 * sample));
                break;
            case (Pcm, _):
                BinaryPrimitives.WriteInt64LittleEndian(bytes, (long)Math.Round(sample * ((1L << (bits - 1)) - 1)));
                break;
            case (Float, 32):
                BinaryPrimitives.WriteSingleLittleEndian(bytes, sample);
                break;
            case (Float, 64):
                BinaryPrimitives.WriteDoubleLittleEndian(bytes, sample);
                break;
            case (ALaw, 8):
                bytes[0] = EncodeALaw(sample);
                break;
            case (MuLaw, 8):
                bytes[0] = EncodeMuLaw(sample);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(format));
        }

        return bytes[..(bits / 8)];
    }

    /// <summary>Encodes ITU-T G.711 mu-law: sign, segment and step of 14 bits plus a bias of 33, inverted.</summary>
    private static byte EncodeMuLaw(float sample)
    {
        var magnitude = Math.Min((int)Math.Abs(sample * 8159), 8158) + 33;
        var segment = int.Log2(magnitude) - 5;
        return (byte)~((sample < 0 ? 0x80 : 0) | (segment << 4) | ((magnitude >> (segment + 1)) & 15));
    }

    /// <summary>Encodes ITU-T G.711 A-law: sign, segment and step of 12 bits, every other bit inverted.</summary>
    private static byte EncodeALaw(float sample)
    {
        var magnitude = Math.Min((int)Math.Abs(sample * 4096), 4095);
        var segment = Math.Max(int.Log2(magnitude | 1) - 4, 0);
        var step = segment == 0 ? magnitude >> 1 : magnitude >> segment;
        return (byte)(((sample < 0 ? 0 : 0x80) | (segment << 4) | (step & 15)) ^ 0x55);
    }
}
