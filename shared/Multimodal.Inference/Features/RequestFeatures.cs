using System.Diagnostics.CodeAnalysis;
using Multimodal.Contracts.Values;
using Multimodal.Inference.Audio.Features;
using Multimodal.Inference.Media;
using Multimodal.Inference.Text.Features;
using Multimodal.Inference.Vision.Features;

namespace Multimodal.Inference.Features;

/// <summary>The gate's input vector: one block of cheap features per modality. The block of an absent part is all zeros.</summary>
public static class RequestFeatures
{
    /// <summary>The blocks, in the order text, image, audio. The first feature of each block states whether the part is present.</summary>
    public static IReadOnlyList<FeatureBlock> Blocks { get; } = Arrange(
        (Modality.Text, TextFeatures.Names), (Modality.Image, ImageFeatures.Names), (Modality.Audio, AudioFeatures.Names));

    /// <summary>The name of every feature, in order; unique.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Blocks.SelectMany(block => block.Names)];

    /// <summary>Computes the features of one request.</summary>
    /// <param name="parts">The parts by modality; absent modalities are omitted.</param>
    /// <param name="limits">The media limits.</param>
    /// <param name="features">
    /// One element per name. All of them are written if the result is true. The block of a part that shows nothing is all zeros.
    /// </param>
    /// <param name="empty">The modalities whose parts show nothing: text, image or sound without content.</param>
    /// <param name="refused">The first part that is refused, if the result is false.</param>
    /// <returns>False if a part is refused.</returns>
    public static bool TryCompute(
        IReadOnlyDictionary<Modality, MediaContent> parts,
        MediaOptions limits,
        Span<float> features,
        out IReadOnlySet<Modality> empty,
        [NotNullWhen(false)] out RefusedPart? refused)
    {
        features.Clear();
        HashSet<Modality> nothing = [];
        empty = nothing;
        foreach (var block in Blocks)
        {
            if (!parts.TryGetValue(block.Modality, out var media))
            {
                continue;
            }

            features[block.Offset] = 1;
            if (!TryCompute(block.Modality, media, limits, features.Slice(block.Offset + 1, block.Length - 1), out var failure))
            {
                if (failure.Code == MediaFailureCode.Empty)
                {
                    features.Slice(block.Offset, block.Length).Clear();
                    nothing.Add(block.Modality);
                    continue;
                }

                refused = new RefusedPart(block.Modality, failure);
                return false;
            }
        }

        refused = null;
        return true;
    }

    private static bool TryCompute(
        Modality modality,
        MediaContent media,
        MediaOptions limits,
        Span<float> values,
        [NotNullWhen(false)] out MediaFailure? failure) => modality switch
        {
            Modality.Text => TextFeatures.TryCompute(media.Bytes.Span, limits, values, out failure),
            Modality.Image => ImageFeatures.TryCompute(media, limits, values, out failure),
            _ => AudioFeatures.TryCompute(media, limits, values, out failure),
        };

    private static List<FeatureBlock> Arrange(params ReadOnlySpan<(Modality Modality, IReadOnlyList<string> Names)> modalities)
    {
        var blocks = new List<FeatureBlock>();
        var offset = 0;
        foreach (var (modality, names) in modalities)
        {
            var block = new FeatureBlock(modality, offset, [$"{modality.ToString().ToLowerInvariant()}.present", .. names]);
            blocks.Add(block);
            offset += block.Length;
        }

        return blocks;
    }
}
