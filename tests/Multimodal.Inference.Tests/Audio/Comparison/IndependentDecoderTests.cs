using Multimodal.Inference.Audio.Decoding;
using Multimodal.Inference.Media;

namespace Multimodal.Inference.Tests.Audio.Comparison;

/// <summary>
/// Compares our decoders with ffmpeg: duration within 50 ms and level within 1 dB, else a refusal that names the format and a way out.
/// </summary>
public sealed class IndependentDecoderTests(ComparisonFiles files, ITestOutputHelper output) : IClassFixture<ComparisonFiles>
{
    // High enough that resampling removes no tone of the files.
    private const int Rate = 16_000;

    [Theory]
    [InlineData(AudioDecoderKind.Native, false)]
    [InlineData(AudioDecoderKind.Managed, false)]
    [InlineData(AudioDecoderKind.Native, true)]
    [InlineData(AudioDecoderKind.Managed, true)]
    public void TryDecode_AnyFile_AgreesWithFfmpegOrNamesTheFormat(AudioDecoderKind kind, bool hasFfmpeg)
    {
        FfmpegTool.Require();
        var limits = BackendOptions.Of(kind);
        limits.Ffmpeg = hasFfmpeg ? "ffmpeg" : MediaOptions.NoFfmpeg;
        var rows = new Dictionary<string, ComparisonRow>();
        foreach (var (file, reference) in files.All)
        {
            if (!rows.TryGetValue(file.Class, out var row))
            {
                rows.Add(file.Class, row = new ComparisonRow());
            }

            if (AudioDecoder.TryDecode(file.Bytes, limits, Rate, out var samples, out var failure))
            {
                var decoded = new Reference((double)samples.Length / Rate, Energy(samples.Span) / Rate);
                row.Decoded(file.Name, decoded.Seconds - reference.Seconds, decoded.Level - reference.Level);
            }
            else
            {
                var needsFfmpeg = kind == AudioDecoderKind.Managed ? file.ManagedNeedsFfmpeg : file.NeedsFfmpeg;
                row.Refused(file, failure.Detail, file.IsTruncated || (needsFfmpeg && (!hasFfmpeg || file.IsChain)));
            }
        }

        output.WriteLine($"{kind}, {(hasFfmpeg ? "with" : "without")} ffmpeg: {files.All.Count} files");
        output.WriteLine(ComparisonRow.Head);
        foreach (var (title, row) in rows)
        {
            output.WriteLine(row.Line(title));
        }

        Assert.Empty(rows.Values.SelectMany(row => row.Wrong));
        Assert.True(files.All.Count(entry => entry.File.Class != "shared/cases") >= 120);
    }

    private static double Energy(ReadOnlySpan<float> samples)
    {
        var sum = 0.0;
        foreach (var sample in samples)
        {
            sum += sample * (double)sample;
        }

        return sum;
    }
}
