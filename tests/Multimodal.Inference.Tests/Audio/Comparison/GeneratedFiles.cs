using Multimodal.Testing;

namespace Multimodal.Inference.Tests.Audio.Comparison;

/// <summary>Files that ffmpeg encodes, in one run per layout of channels.</summary>
internal static class GeneratedFiles
{
    private const string Mono = "mono";
    private const string Stereo = "stereo";
    private const string Surround = "5.1";
    private const string Opposite = "opposite";

    // 1.5 seconds of tones whose level swings, so that a lost part changes the level.
    private const string Voice = "0.4*sin(2*PI*440*t)*(0.55+0.45*sin(2*PI*3*t))";
    private const string Second = "0.3*sin(2*PI*710*t)*(0.55+0.45*sin(2*PI*2*t))";

    private static readonly string[] Raw = ["u8", "s16le", "s24le", "s32le", "f32le", "f64le", "alaw", "mulaw"];

    /// <summary>Encodes all files.</summary>
    public static async Task<IReadOnlyList<ComparisonFile>> MakeAsync()
    {
        using var scratch = new ScratchFolder();
        var all = Wav().Concat(Aiff()).Concat(Ogg()).Concat(Mp3()).Concat(OfPhones()).ToList();
        foreach (var group in all.GroupBy(recipe => recipe.Layout))
        {
            await FfmpegTool.RunAsync(
            [
                "-f", "lavfi", "-i", Source(group.Key),
                .. group.SelectMany(recipe => (string[])["-map", "0:a", .. recipe.Arguments, scratch.At(recipe.File)]),
            ]);
        }

        return
        [
            .. all.Select(recipe => new ComparisonFile(recipe.Class, recipe.File, recipe.Format, File.ReadAllBytes(scratch.At(recipe.File)))
            {
                NeedsFfmpeg = recipe.Needs == Decoder.Ffmpeg,
                ManagedNeedsFfmpeg = recipe.Needs != Decoder.Any,
            }),
        ];
    }

    private static string Source(string layout) => layout switch
    {
        Mono => $"aevalsrc={Voice}:s=48000:d=1.5:c=mono",
        Stereo => $"aevalsrc={Voice}|{Second}:s=48000:d=1.5:c=stereo",
        Opposite => $"aevalsrc={Voice}|-1*{Voice}:s=48000:d=1.5:c=stereo",
        _ => $"aevalsrc={Voice}|{Second}|0.5*{Voice}|0.01*{Second}|0.3*{Second}|0.3*{Voice}:s=48000:d=1.5:c=5.1",
    };

    private static int Rate(string layout) => layout switch { Mono => 16_000, Surround => 48_000, _ => 44_100 };

    private static IEnumerable<Recipe> Wav()
    {
        foreach (var layout in new[] { Mono, Stereo, Surround })
        {
            foreach (var format in Raw)
            {
                yield return Make("WAV", $"{layout}-{format}.wav", "WAV", $"-c:a pcm_{format}");
            }
        }

        foreach (var layout in new[] { Mono, Stereo })
        {
            foreach (var format in new[] { "s16le", "s24le", "f32le" })
            {
                yield return Make("RF64", $"{layout}-{format}.rf64.wav", "WAV", $"-c:a pcm_{format} -rf64 always");
            }

            yield return Make("WAV, ADPCM", $"{layout}-ms.wav", "WAV", "-c:a adpcm_ms");
            yield return Make("WAV, ADPCM", $"{layout}-ima.wav", "WAV", "-c:a adpcm_ima_wav");
            yield return Make("WAV with MP3 inside", $"{layout}-mp3.wav", "MP3 in WAV", "-c:a libmp3lame", Decoder.Ffmpeg);
        }

        foreach (var format in new[] { "s16le", "f32le" })
        {
            yield return Make("opposite channels", $"opposite-{format}.wav", "WAV", $"-c:a pcm_{format}");
        }
    }

    private static IEnumerable<Recipe> Aiff()
    {
        foreach (var layout in new[] { Mono, Stereo, Surround })
        {
            foreach (var format in new[] { "s8", "s16be", "s24be", "s32be" })
            {
                yield return Make("AIFF", $"{layout}-{format}.aiff", "AIFF", $"-c:a pcm_{format}");
            }

            foreach (var format in new[] { "s16le", "f32be", "f64be", "alaw", "mulaw" })
            {
                yield return Make("AIFF-C", $"{layout}-{format}.aifc", "AIFF", $"-c:a pcm_{format} -f aiff");
            }
        }

        foreach (var layout in new[] { Mono, Stereo })
        {
            yield return Make("AIFF-C, ADPCM", $"{layout}-ima.aifc", "AIFF", "-c:a adpcm_ima_qt -f aiff", Decoder.NativeOrFfmpeg);
        }
    }

    private static IEnumerable<Recipe> Ogg()
    {
        foreach (var layout in new[] { Mono, Stereo, Surround })
        {
            var vorbis = layout == Surround ? Decoder.NativeOrFfmpeg : Decoder.Any;
            yield return Make("FLAC", $"{layout}.flac", "FLAC", "-c:a flac", Decoder.NativeOrFfmpeg);
            yield return Make("FLAC", $"{layout}-24.flac", "FLAC", "-c:a flac -sample_fmt s32", Decoder.NativeOrFfmpeg);
            yield return Make("FLAC in Ogg", $"{layout}.flac.oga", "FLAC in OGG", "-c:a flac -f oga", Decoder.NativeOrFfmpeg);
            yield return Make("Ogg Vorbis", $"{layout}.vorbis.ogg", "OGG Vorbis", "-c:a libvorbis", vorbis);
            yield return Make("Ogg Vorbis", $"{layout}-long.vorbis.ogg", "OGG Vorbis", "-c:a libvorbis -af aloop=3:48000", vorbis);
            yield return Make("Ogg Opus", $"{layout}.opus", "Opus", "-c:a libopus -ar 48000");
            yield return Make("Ogg Opus", $"{layout}-voice.opus", "Opus", "-c:a libopus -ar 16000 -b:a 16k -application voip");
            yield return Make("Ogg Opus", $"{layout}-60ms.opus", "Opus", "-c:a libopus -ar 48000 -frame_duration 60");
        }

        yield return Make("Speex in Ogg", "mono.spx", "Speex in OGG", "-c:a libspeex -ar 16000 -f ogg", Decoder.Ffmpeg);
        yield return Make("opposite channels", "opposite.flac", "FLAC", "-c:a flac", Decoder.NativeOrFfmpeg);
        yield return Make("opposite channels", "opposite.opus", "Opus", "-c:a libopus -ar 48000");
        yield return Make("opposite channels", "opposite.vorbis.ogg", "OGG Vorbis", "-c:a libvorbis");
    }

    private static IEnumerable<Recipe> Mp3()
    {
        foreach (var layout in new[] { Mono, Stereo })
        {
            yield return Make("MP3, CBR", $"{layout}-cbr.mp3", "MP3", "-c:a libmp3lame -b:a 64k");
            yield return Make("MP3, CBR", $"{layout}-cbr-24k.mp3", "MP3", "-c:a libmp3lame -b:a 56k -ar 24000");
            yield return Make(
                "MP3, CBR", $"{layout}-cbr-8k.mp3", "MP3", "-c:a libmp3lame -b:a 16k -ar 8000", Decoder.NativeOrFfmpeg);
            yield return Make("MP3, CBR without a tag", $"{layout}-cbr-bare.mp3", "MP3", "-c:a libmp3lame -b:a 64k -write_xing 0");
            yield return Make("MP3, VBR with Xing", $"{layout}-vbr.mp3", "MP3", "-c:a libmp3lame -q:a 4");
            yield return Make("MP3, VBR with Xing", $"{layout}-vbr-48k.mp3", "MP3", "-c:a libmp3lame -q:a 6 -ar 48000");
            yield return Make("MP3, VBR without a tag", $"{layout}-vbr-bare.mp3", "MP3", "-c:a libmp3lame -q:a 4 -write_xing 0");
        }

        // The first two seconds are silent, so an estimate from the first frames is far too long.
        const string late = "-af aloop=16:72000,adelay=2000:all=1";
        yield return Make("MP3, VBR without a tag", "late-28s-bare.mp3", "MP3", $"-c:a libmp3lame -q:a 2 -write_xing 0 {late}");
        yield return Make("MP3, VBR with Xing", "late-28s.mp3", "MP3", $"-c:a libmp3lame -q:a 2 {late}");
        yield return Make("opposite channels", "opposite.mp3", "MP3", "-c:a libmp3lame -b:a 128k");
    }

    private static IEnumerable<Recipe> OfPhones()
    {
        foreach (var layout in new[] { Mono, Stereo, Surround })
        {
            yield return Make("Opus in WebM", $"{layout}.webm", "Opus in WebM", "-c:a libopus -ar 48000");
            yield return Make("AAC in MP4", $"{layout}.m4a", "AAC in MP4", "-c:a aac", Decoder.Ffmpeg);
            yield return Make("AAC in ADTS", $"{layout}.aac", "AAC in ADTS", "-c:a aac", Decoder.Ffmpeg);
        }

        foreach (var layout in new[] { Mono, Stereo })
        {
            const string fragments = "-c:a aac -movflags +frag_keyframe+empty_moov -frag_duration 300000 -f mp4";
            yield return Make("Opus in WebM", $"{layout}-live.webm", "Opus in WebM", "-c:a libopus -ar 48000 -live 1");
            yield return Make("Opus in WebM", $"{layout}.opus.mka", "Opus in Matroska", "-c:a libopus -ar 48000 -f matroska");
            yield return Make("Vorbis in WebM", $"{layout}.vorbis.webm", "Vorbis in WebM", "-c:a libvorbis", Decoder.Ffmpeg);
            yield return Make("AAC in MP4", $"{layout}-start.m4a", "AAC in MP4", "-c:a aac -movflags +faststart", Decoder.Ffmpeg);
            yield return Make("AAC in MP4", $"{layout}-fragments.mp4", "AAC in MP4", fragments, Decoder.Ffmpeg);
            yield return Make("ALAC in MP4", $"{layout}-alac.m4a", "ALAC in MP4", "-c:a alac", Decoder.Ffmpeg);
            yield return Make("other codecs in MP4", $"{layout}-mp3.mp4", "MP3 in MP4", "-c:a libmp3lame", Decoder.Ffmpeg);
            yield return Make("other codecs in MP4", $"{layout}-opus.mp4", "Opus in MP4", "-c:a libopus -ar 48000", Decoder.Ffmpeg);
            yield return Make("other codecs in MP4", $"{layout}-pcm.mov", "PCM in QuickTime", "-c:a pcm_s16le", Decoder.Ffmpeg);
            yield return Make("CAF", $"{layout}-pcm.caf", "PCM in CAF", "-c:a pcm_s16le", Decoder.Ffmpeg);
            yield return Make("CAF", $"{layout}-alac.caf", "ALAC in CAF", "-c:a alac", Decoder.Ffmpeg);
            yield return Make("CAF", $"{layout}-mulaw.caf", "G.711 in CAF", "-c:a pcm_mulaw", Decoder.Ffmpeg);
        }
    }

    /// <summary>Creates a recipe. The name of the file starts with the layout of its channels.</summary>
    private static Recipe Make(string @class, string file, string format, string arguments, Decoder needs = Decoder.Any)
    {
        var layout = new[] { Stereo, Surround, Opposite }.FirstOrDefault(name => file.StartsWith(name, StringComparison.Ordinal)) ?? Mono;
        return new(@class, file, layout, format, ["-ar", $"{Rate(layout)}", .. arguments.Split(' ')], needs);
    }

    /// <summary>The least that decodes a file.</summary>
    private enum Decoder
    {
        Any,
        NativeOrFfmpeg,
        Ffmpeg,
    }

    private sealed record Recipe(string Class, string File, string Layout, string Format, string[] Arguments, Decoder Needs);
}
