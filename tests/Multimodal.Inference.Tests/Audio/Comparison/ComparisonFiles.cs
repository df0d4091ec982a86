using Multimodal.Testing;

namespace Multimodal.Inference.Tests.Audio.Comparison;

/// <summary>All files of the comparison, with what ffmpeg decodes from them. Made once for all tests of the class.</summary>
public sealed class ComparisonFiles : IAsyncLifetime
{
    internal IReadOnlyList<(ComparisonFile File, Reference Reference)> All { get; private set; } = [];

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (!FfmpegTool.IsInstalled)
        {
            return;
        }

        var generated = await GeneratedFiles.MakeAsync();
        ComparisonFile[] files = [.. Cases(), .. generated, .. DamagedFiles.Make(generated.ToDictionary(file => file.Name))];
        byte[][] intact = [.. generated.Select(file => file.Bytes)];
        var references = await FfmpegTool.DecodeAllAsync(intact);
        var decoded = intact.Zip(references).ToDictionary(pair => pair.First, pair => pair.Second);
        var inputs = files.SelectMany(Inputs).Distinct().Except(intact).ToArray();
        await Parallel.ForEachAsync(
            inputs,
            new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount },
            async (input, _) =>
            {
                var reference = await FfmpegTool.DecodeAsync(input);
                lock (decoded)
                {
                    decoded.Add(input, reference);
                }
            });
        All = [.. files.Select(file => (file, Inputs(file).Select(input => decoded[input]).Aggregate((a, b) => a + b)))];
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static IEnumerable<byte[]> Inputs(ComparisonFile file) => file.Links ?? [file.Pristine ?? file.Bytes];

    /// <summary>The files of ../shared/cases, as far as they are there.</summary>
    private static IEnumerable<ComparisonFile> Cases()
    {
        foreach (var (name, format) in new[]
        {
            ("chain-sil-opus.ogg", "OGG"), ("data0.wav", "WAV"), ("id3pad.mp3", "MP3"), ("chrome.webm", "Opus in WebM"),
            ("iphone.m4a", "AAC in MP4"), ("flac.oga", "FLAC in OGG"), ("bom.wav", "WAV"), ("oddlist-nopad.wav", "WAV"),
            ("w24.wav", "WAV"), ("ext.wav", "WAV"), ("pipe.wav", "WAV"),
        })
        {
            var path = RepositoryFiles.At("..", "shared", "cases", name);
            if (File.Exists(path))
            {
                var bytes = File.ReadAllBytes(path);
                yield return new ComparisonFile("shared/cases", name, format, bytes)
                {
                    // ffmpeg 5.1 refuses the first two and misses the tag of the third, so it gets them without the fault.
                    Pristine = name switch
                    {
                        "bom.wav" => bytes[3..],
                        "id3pad.mp3" => bytes[bytes.AsSpan().IndexOf((byte)0xFF)..],
                        "oddlist-nopad.wav" => [.. bytes[..36], .. bytes[bytes.AsSpan().IndexOf("data"u8)..]],
                        _ => null,
                    },
                    NeedsFfmpeg = name == "iphone.m4a",
                    ManagedNeedsFfmpeg = name is "iphone.m4a" or "flac.oga",
                };
            }
        }
    }
}
