using System.Runtime.InteropServices;
using System.Text.Json;
using Multimodal.Contracts.Values;
using Multimodal.Inference.Features;
using Multimodal.Inference.Inspection;
using Multimodal.Inference.Media;
using Multimodal.Inference.Packages;
using Multimodal.Inference.Preprocessing;

namespace Multimodal.Bench.Fuzz.Media;

/// <summary>What a service does with a part: inspection, features, preprocessing of every expert of the medium.</summary>
internal sealed class MediaCheck
{
    // An ffmpeg process takes longer than all else.
    private const int FfmpegEvery = 32;

    private readonly Decoders[] _decoders;

    /// <param name="ensemble">Folder of an ensemble, whose experts preprocess.</param>
    public MediaCheck(string ensemble)
    {
        MediaOptions[] options =
        [
            new(),
            new() { Ffmpeg = MediaOptions.NoFfmpeg },
            new() { Ffmpeg = MediaOptions.NoFfmpeg, ImageDecoder = ImageDecoderKind.ImageSharp, AudioDecoder = AudioDecoderKind.Managed },
        ];
        _decoders = [.. options.Select(limits => new Decoders(limits, [.. Preprocessors(ensemble, limits)]))];
    }

    /// <summary>Runs the check.</summary>
    /// <param name="modality">The medium that the client states.</param>
    /// <param name="bytes">The part.</param>
    /// <param name="number">Selects the decoders.</param>
    /// <returns>How it ended.</returns>
    /// <exception cref="InvalidDataException">A number in the result is not finite.</exception>
    public string Run(Modality modality, byte[] bytes, int number)
    {
        var decoders = _decoders[number % FfmpegEvery == 0 ? 0 : 1 + (number % 2)];
        if (!MediaInspector.TryInspect(modality, bytes, decoders.Limits, out _, out var failure))
        {
            return $"inspection: {failure.Code}";
        }

        var features = new float[RequestFeatures.Names.Count];
        var content = new MediaContent(bytes);
        var parts = new Dictionary<Modality, MediaContent> { [modality] = content };
        if (!RequestFeatures.TryCompute(parts, decoders.Limits, features, out _, out var refused))
        {
            return $"features: {refused.Failure.Code}";
        }

        RequireFinite(features);
        foreach (var (_, name, preprocessor) in decoders.Preprocessors.Where(entry => entry.Modality == modality))
        {
            var row = new byte[preprocessor.Row.ByteLength];
            if (!preprocessor.TryPrepare(content, row, out failure))
            {
                return $"{name}: {failure.Code}";
            }

            if (preprocessor.Row.Element == TensorElement.Float32)
            {
                RequireFinite(MemoryMarshal.Cast<byte, float>(row));
            }
        }

        return "accepted";
    }

    private static void RequireFinite(ReadOnlySpan<float> values)
    {
        foreach (var value in values)
        {
            if (!float.IsFinite(value))
            {
                throw new InvalidDataException("A value is not finite.");
            }
        }
    }

    private static IEnumerable<(Modality Modality, string Name, IPreprocessor Preprocessor)> Preprocessors(string ensemble, MediaOptions limits)
    {
        foreach (var folder in Directory.GetDirectories(ensemble).Order(StringComparer.Ordinal))
        {
            if (ExpertPackageReader.Read(folder, limits) is not { Package: { } package })
            {
                continue;
            }

            var context = new PreprocessorContext(package.Preprocessing, folder, limits);
            var preprocessor = PreprocessorReader.Read(context, PreprocessorTable.ByKind, (key, problem) => throw new JsonException($"{key} {problem}"));
            yield return (package.Modality, package.Name, preprocessor!);
        }
    }

    /// <summary>One choice of decoders.</summary>
    private sealed record Decoders(MediaOptions Limits, (Modality Modality, string Name, IPreprocessor Preprocessor)[] Preprocessors);
}
