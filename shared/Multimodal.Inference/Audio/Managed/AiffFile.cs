using NAudio.Wave;

namespace Multimodal.Inference.Audio.Managed;

/// <summary>
/// AIFF files, and AIFC files that are not compressed (type <c>NONE</c>). NAudio finds the format and the samples; of a stated
/// length only what is really there counts.
/// </summary>
internal static class AiffFile
{
    /// <summary>Null if the coding is unknown. NAudio's exceptions pass.</summary>
    public static ISoundFile? Open(ReadOnlyMemory<byte> bytes)
    {
        // NAudio skips a chunk that reaches past the end, also the one with the samples: so there is no end.
        using var stream = new HeaderStream(bytes, [], long.MaxValue);
        AiffFileReader.ReadAiffHeader(stream, out var format, out var from, out var length, []);
        SampleCoding? coding = ((format.BitsPerSample + 7) / 8) switch
        {
            1 => SampleCoding.Signed8,
            2 => SampleCoding.Signed16,
            3 => SampleCoding.Signed24,
            4 => SampleCoding.Signed32,
            _ => null,
        };
        from = Math.Min(from, bytes.Length);
        var data = bytes.Slice((int)from, (int)Math.Min(length, bytes.Length - from));
        return coding is { } known ? new PcmFile(data, known, bigEndian: true, format.SampleRate, format.Channels) : null;
    }
}
