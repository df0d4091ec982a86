using System.Buffers.Binary;
using Multimodal.Inference.Audio.Decoding;
using Multimodal.Inference.Media;

namespace Multimodal.Inference.Tests.Audio.Decoding;

/// <summary>
/// Broken files on the managed backend. The managed libraries throw, hang or allocate without limit on them; the backend must refuse or
/// truncate such files in bounded time and memory.
/// </summary>
public sealed class HostileAudioTests
{
    private const int Rate = 8000;
    private const int Mutations = 250;

    // The tables of the libraries take several megabytes. The rest is for at most one minute of samples.
    private const long MaxAllocated = 64 << 20;

    private static readonly MediaOptions Limits = BackendOptions.Of(AudioDecoderKind.Managed);

    public static TheoryData<string> Files =>
    [
        "tone-adpcm.wav", "four-ima.wav", "four-alaw.wav", "tone.aiff", "four-sowt.aiff", "four-16000-cbr.mp3",
        "tone-id3.mp3", "tone-no-tag.mp3",
        "four-22050.ogg", "tone-48000.ogg", "four-silk.opus", "four-hybrid.opus", "four-celt-stereo.opus", "four-51.opus",
    ];

    [Theory]
    [MemberData(nameof(Files))]
    public void TryDecode_TruncatedAtEverySixtyFourth_IsRefusedOrShortened(string name)
    {
        var whole = AudioSamples.Read(name);
        for (var part = 0; part < 64; part++)
        {
            Decode(whole.AsSpan(0, whole.Length * part / 64), $"{name}, {part} of 64 parts");
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void TryDecode_MutatedFile_IsRefusedOrShortened(string name)
    {
        var random = new Random(17);
        var whole = AudioSamples.Read(name);
        for (var mutation = 0; mutation < Mutations; mutation++)
        {
            var bytes = (byte[])whole.Clone();
            // Headers determine allocations and loop counts, so half of the mutations damage the headers.
            var range = mutation % 2 == 0 ? Math.Min(bytes.Length, 4000) : bytes.Length;
            for (var i = random.Next(1, mutation % 3 == 0 ? 4 : 40); i > 0; i--)
            {
                bytes[random.Next(range)] = (byte)random.Next(256);
            }

            // Most mutations get valid checksums, because an attacker computes them.
            if (mutation % 4 != 0)
            {
                OggPageWriter.Seal(bytes);
            }

            Decode(bytes, $"{name}, mutation {mutation}");
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-2)]
    [InlineData(100)]
    [InlineData(long.MaxValue)]
    public void TryDecode_FalseLastGranulePosition_Terminates(long granule)
    {
        foreach (var name in new[] { "four-22050.ogg", "four-silk.opus" })
        {
            var bytes = AudioSamples.Read(name);
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(bytes.AsSpan().LastIndexOf("OggS"u8) + 6), granule);
            OggPageWriter.Seal(bytes);

            Decode(bytes, name);
        }
    }

    [Theory]
    [InlineData(1 << 20)]
    [InlineData(int.MaxValue)]
    [InlineData(-1)]
    public void TryDecode_FalseLengthInVorbisComments_IsIgnored(int stated)
    {
        var bytes = AudioSamples.Read("four-22050.ogg");
        var comments = bytes.AsSpan().IndexOf("\u0003vorbis"u8);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(comments + 7), stated);
        OggPageWriter.Seal(bytes);

        Assert.True(AudioDecoder.TryDecode(bytes, Limits, Rate, out _, out var failure), failure?.Detail);
        Decode(bytes, "comments");
    }

    // A codebook with 2^24 ordered entries in a truncated packet. NVorbis alone reads zeros endlessly.
    [Fact]
    public void TryDecode_TruncatedVorbisCodebook_IsRefused()
    {
        byte[] head = [.. AudioSamples.Read("four-22050.ogg").AsSpan(28, 30)];
        byte[] setup = [.. "\u0005vorbis"u8, 0, 0x42, 0x43, 0x56, 1, 0, 0xFF, 0xFF, 0xFF, 1, 0];
        byte[] file =
        [
            .. OggPageWriter.Page(2, 0, 0, head),
            .. OggPageWriter.Page(0, 0, 1, [.. "\u0003vorbis"u8, 0, 0, 0, 0, 0, 0, 0, 0, 1], setup),
            .. OggPageWriter.Page(4, 1000, 2, new byte[50], new byte[50]),
        ];

        Assert.False(AudioDecoder.TryDecode(file, Limits, Rate, out _, out var failure));

        Assert.Equal(MediaFailureCode.Undecodable, failure.Code);
        Decode(file, "book");
    }

    // NAudio allocates an object per chunk. Each false page start costs a checksum over 64 KB, each false frame a search for the next.
    [Theory]
    [InlineData("chunks")]
    [InlineData("pages")]
    [InlineData("frames")]
    public void TryDecode_MegabytesOfFalseStarts_AreRefused(string kind)
    {
        byte[] page = [.. "OggS"u8, 0, 0, .. new byte[20], 255];
        byte[] file = kind switch
        {
            "chunks" => [.. "RIFF"u8, 0xFF, 0xFF, 0xFF, 0x7F, .. "WAVE"u8, .. Repeat("LIST\0\0\0\0"u8.ToArray(), 250_000)],
            "pages" => [.. AudioSamples.Read("four-22050.ogg")[..58], .. Repeat(page, 80_000)],
            _ => [.. "ID3"u8, 3, 0, 0, 0, 0, 0, 0, .. Repeat([0xFF, 0xFB], 1_000_000)],
        };

        Assert.False(AudioDecoder.TryDecode(file, Limits, Rate, out _, out var failure));

        Assert.Equal(MediaFailureCode.Undecodable, failure.Code);
        Decode(file, kind);
    }

    private static IEnumerable<byte> Repeat(byte[] bytes, int count) => Enumerable.Repeat(bytes, count).SelectMany(copy => copy);

    private static void Decode(ReadOnlySpan<byte> bytes, string description)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var isInspected = AudioInspector.TryInspect(bytes, Limits, out _, out var refusal);
        if (AudioDecoder.TryDecode(bytes, Limits, Rate, out var samples, out var failure))
        {
            Assert.True(isInspected, description);
            Assert.True(samples.Length <= (Limits.AudioSeconds + 1) * Rate, description);
            Assert.False(samples.Span.ContainsAnyExceptInRange(-1e13f, 1e13f), description);
        }
        else
        {
            Assert.NotEmpty(failure.Detail);
            Assert.Equal(isInspected, refusal is null);
        }

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated < MaxAllocated, $"{description}: {allocated:N0} bytes");
    }
}
