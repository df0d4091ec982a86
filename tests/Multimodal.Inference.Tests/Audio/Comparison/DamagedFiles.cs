using System.Buffers.Binary;

namespace Multimodal.Inference.Tests.Audio.Comparison;

/// <summary>Files as broken recorders and copies leave them, made from intact ones.</summary>
internal static class DamagedFiles
{
    private static readonly (string Name, byte[] Bytes)[] Leading =
    [
        ("bom", [0xEF, 0xBB, 0xBF]), ("newline", [0x0A]), ("zeros", new byte[4]), ("zeros-512", new byte[512]),
    ];

    /// <summary>Makes all files.</summary>
    public static IEnumerable<ComparisonFile> Make(IReadOnlyDictionary<string, ComparisonFile> intact) =>
        Truncated(intact).Concat(Padded(intact)).Concat(Sizes(intact)).Concat(Mp3(intact)).Concat(Chains(intact));

    private static IEnumerable<ComparisonFile> Truncated(IReadOnlyDictionary<string, ComparisonFile> intact)
    {
        string[] names =
        [
            "mono-s16le.wav", "stereo-f32le.wav", "stereo-ms.wav", "mono-s16be.aiff", "stereo.flac", "stereo-long.vorbis.ogg",
            "mono-cbr.mp3", "stereo-vbr.mp3", "mono-vbr-bare.mp3", "stereo-live.webm", "stereo.aac", "stereo-fragments.mp4", "mono.m4a",
        ];
        foreach (var name in names)
        {
            foreach (var percent in new[] { 40, 80 })
            {
                var file = intact[name];
                yield return file with
                {
                    Class = "cut off",
                    Name = $"cut-{percent}-{name}",
                    // The coding stands in the index at the end.
                    Format = name == "mono.m4a" ? "MP4" : file.Format,
                    Bytes = file.Bytes[..(file.Bytes.Length * percent / 100)],
                    IsTruncated = true,
                };
            }
        }
    }

    private static IEnumerable<ComparisonFile> Padded(IReadOnlyDictionary<string, ComparisonFile> intact)
    {
        string[] names =
        [
            "stereo-s16le.wav", "mono-s16be.aiff", "stereo.flac", "mono.vorbis.ogg", "mono.opus", "mono-cbr.mp3", "mono.webm", "mono.aac",
        ];
        foreach (var name in names)
        {
            var file = intact[name];
            yield return file with
            {
                Class = "bytes after the end",
                Name = $"trailing-{name}",
                Bytes = [.. file.Bytes, .. new byte[3000]],
                Pristine = file.Bytes,
            };
        }

        foreach (var (leading, bytes) in Leading)
        {
            foreach (var name in names.Except(["mono.webm", "mono.aac"]))
            {
                var file = intact[name];
                yield return file with
                {
                    Class = "bytes before the magic number",
                    Name = $"{leading}-{name}",
                    Bytes = [.. bytes, .. file.Bytes],
                    Pristine = file.Bytes,
                };
            }
        }
    }

    private static IEnumerable<ComparisonFile> Sizes(IReadOnlyDictionary<string, ComparisonFile> intact)
    {
        foreach (var name in new[] { "mono-s16le.wav", "stereo-f32le.wav", "5.1-s24le.wav", "mono-ima.wav" })
        {
            foreach (var size in new[] { 0u, uint.MaxValue })
            {
                var file = intact[name];
                yield return file with
                {
                    Class = "sizes that mean unknown",
                    Name = $"size-{size}-{name}",
                    Bytes = WithSizes(file.Bytes, size),
                    Pristine = file.Bytes,
                };
            }

            var original = intact[name];
            yield return original with
            {
                Class = "odd chunk without padding",
                Name = $"unpadded-{name}",
                Bytes = [.. original.Bytes[..12], .. "LIST"u8, 9, 0, 0, 0, .. "INFOabcde"u8, .. original.Bytes[12..]],
                Pristine = original.Bytes,
            };
        }

        foreach (var name in new[] { "mono-s16be.aiff", "stereo-f32be.aifc" })
        {
            foreach (var size in new[] { 0u, uint.MaxValue })
            {
                var file = intact[name];
                var bytes = (byte[])file.Bytes.Clone();
                BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4), size);
                BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(bytes.AsSpan().IndexOf("COMM"u8) + 10), 0);
                BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(bytes.AsSpan().IndexOf("SSND"u8) + 4), size);
                yield return file with
                {
                    Class = "sizes that mean unknown",
                    Name = $"size-{size}-{name}",
                    Bytes = bytes,
                    Pristine = file.Bytes,
                };
            }
        }
    }

    private static IEnumerable<ComparisonFile> Mp3(IReadOnlyDictionary<string, ComparisonFile> intact)
    {
        foreach (var name in new[] { "mono-cbr.mp3", "stereo-vbr.mp3", "mono-cbr-bare.mp3", "stereo-vbr-bare.mp3" })
        {
            var file = intact[name];
            var frames = AfterId3(file.Bytes);
            byte[] tag = [.. "ID3"u8, 3, 0, 0, 0, 0, 0, 20, .. new byte[20]];
            foreach (var (title, bytes) in new (string, byte[])[]
            {
                ("padding", [.. tag, .. new byte[1500], .. frames]),
                ("junk", [.. tag, .. "junk between tag and frames"u8, .. frames]),
                ("two-tags", [.. tag, .. tag, .. frames]),
                ("junk-only", [.. Enumerable.Repeat((byte)0x55, 300), .. frames]),
            })
            {
                yield return file with
                {
                    Class = "MP3 that does not start on a frame",
                    Name = $"{title}-{name}",
                    Bytes = bytes,
                    Pristine = file.Bytes,
                };
            }
        }

        var (first, second) = (intact["mono-cbr.mp3"], intact["mono-vbr.mp3"]);
        yield return first with
        {
            Class = "MP3 files joined",
            Name = "joined.mp3",
            Bytes = [.. first.Bytes, .. AfterId3(second.Bytes)],
        };
        foreach (var name in new[] { "mono-vbr.mp3", "stereo-vbr.mp3" })
        {
            yield return intact[name] with { Class = "MP3, VBR with VBRI", Name = $"vbri-{name}", Bytes = WithVbri(intact[name].Bytes) };
        }
    }

    private static IEnumerable<ComparisonFile> Chains(IReadOnlyDictionary<string, ComparisonFile> intact)
    {
        foreach (var (a, b) in new[]
        {
            ("mono.opus", "mono-60ms.opus"), ("mono.opus", "stereo.opus"), ("mono-voice.opus", "stereo-60ms.opus"),
            ("mono.vorbis.ogg", "mono-long.vorbis.ogg"), ("mono.vorbis.ogg", "stereo.vorbis.ogg"), ("stereo.vorbis.ogg", "mono.opus"),
            ("mono.flac.oga", "stereo.flac.oga"),
        })
        {
            yield return intact[a] with
            {
                Class = "chained Ogg",
                Name = $"{a}+{b}",
                Format = "OGG",
                Bytes = [.. intact[a].Bytes, .. intact[b].Bytes],
                Links = [intact[a].Bytes, intact[b].Bytes],
                IsChain = true,
            };
        }
    }

    private static byte[] WithSizes(byte[] wav, uint size)
    {
        var bytes = (byte[])wav.Clone();
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4), size);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(bytes.AsSpan().IndexOf("data"u8) + 4), size);
        return bytes;
    }

    private static byte[] AfterId3(byte[] mp3) =>
        mp3.AsSpan().StartsWith("ID3"u8) ? mp3[(10 + (mp3[6] << 21 | mp3[7] << 14 | mp3[8] << 7 | mp3[9]))..] : mp3;

    /// <summary>Replaces the Xing tag by a VBRI tag (32 bytes after the frame header) with the same number of frames.</summary>
    private static byte[] WithVbri(byte[] mp3)
    {
        var bytes = (byte[])mp3.Clone();
        var xing = bytes.AsSpan().IndexOf("Xing"u8);
        var frame = bytes.Length - AfterId3(bytes).Length;
        var frames = bytes.AsSpan(xing + 8, 4).ToArray();
        bytes.AsSpan(frame + 4, 190).Clear();
        var length = BitConverter.GetBytes(BinaryPrimitives.ReverseEndianness(bytes.Length));
        byte[] tag = [.. "VBRI"u8, 0, 1, 0, 0, 0, 75, .. length, .. frames];
        tag.CopyTo(bytes.AsSpan(frame + 36));
        return bytes;
    }
}
