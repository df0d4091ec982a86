namespace Multimodal.Inference.Audio.Containers.Ogg;

/// <summary>Computes the duration of Opus packets from their first bytes (RFC 6716, section 3.1).</summary>
internal static class OpusPackets
{
    private static ReadOnlySpan<short> SilkSamples => [480, 960, 1920, 2880];

    private static ReadOnlySpan<short> CeltSamples => [120, 240, 480, 960];

    /// <summary>Number of samples at 48 kHz; 0 for an empty packet.</summary>
    public static int Samples(ReadOnlySpan<byte> packet)
    {
        if (packet.IsEmpty)
        {
            return 0;
        }

        var configuration = packet[0] >> 3;
        int samples = configuration switch
        {
            < 12 => SilkSamples[configuration & 3],
            < 16 => SilkSamples[configuration & 1],
            _ => CeltSamples[configuration & 3],
        };
        return (packet[0] & 3) switch
        {
            0 => samples,
            3 => packet.Length > 1 ? samples * (packet[1] & 63) : 0,
            _ => 2 * samples,
        };
    }
}
