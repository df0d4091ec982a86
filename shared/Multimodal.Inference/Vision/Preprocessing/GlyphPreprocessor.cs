using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Multimodal.Inference.Manifests;
using Multimodal.Inference.Media;
using Multimodal.Inference.Preprocessing;
using Multimodal.Inference.Vision.Decoding;
using Multimodal.Inference.Vision.Glyphs;

namespace Multimodal.Inference.Vision.Preprocessing;

/// <summary>
/// Kind <c>glyph</c>: finds the glyph in a photo and renders it centred with a margin, float32 [1, size, size]. For both polarities,
/// background is 0 and ink is 1. If no glyph is found, it renders the whole image.
/// Example: <c>{"kind":"glyph","size":32,"margin":0.125}</c>.
/// </summary>
internal sealed class GlyphPreprocessor : IPreprocessor
{
    /// <summary>A glyph with a smaller extent is rendered from an image that is decoded at a larger size.</summary>
    private const int MinGlyphExtent = 56;

    private const int MaxDecodeEdge = 4096;

    /// <summary>Smallest intersection over union of the glyphs in both sizes. Below it, the larger size shows another object.</summary>
    private const double MinOverlap = 0.5;

    private readonly int _size;
    private readonly double _margin;
    private readonly MediaOptions _limits;

    private GlyphPreprocessor(int size, double margin, MediaOptions limits)
    {
        _size = size;
        _margin = margin;
        _limits = limits;
        Row = new TensorRow(TensorElement.Float32, [1, size, size]);
    }

    public TensorRow Row { get; }

    /// <summary>The factory of this kind.</summary>
    public static IPreprocessor? Create(PreprocessorContext context, Action<string, string> problem)
    {
        JsonObjectReader fields = new(context.Options, problem);
        fields.Has("kind");
        var size = fields.Integer("size", 8, 128);
        var margin = fields.Number("margin", 0, 0.4, fallback: 0.125);
        return fields.Close() ? new GlyphPreprocessor(size!.Value, margin!.Value, context.Limits) : null;
    }

    public bool TryPrepare(MediaContent media, Span<byte> row, [NotNullWhen(false)] out MediaFailure? failure)
    {
        if (!ImageReading.TryDecode(media, ImageReading.WorkingEdge, _limits, out var decoded, out failure))
        {
            return false;
        }

        var (info, image) = decoded;
        var (projection, gray, crop, extent, _) = GlyphView.Of(media, image);
        var square = crop.Square(_margin, image.Width, image.Height);
        var fullEdge = Math.Max(info.Width!.Value, info.Height!.Value);
        var workingEdge = Math.Max(image.Width, image.Height);
        var neededEdge = Math.Min(Math.Min(fullEdge, MaxDecodeEdge), (int)((long)workingEdge * MinGlyphExtent / Math.Max(1, extent)));
        var target = MemoryMarshal.Cast<byte, float>(row);
        if (neededEdge > workingEdge * 5 / 4 && ImageDecoder.Decode(media.Bytes.Span, neededEdge, Padded(square), _limits) is { } part)
        {
            var region = Padded(square);
            var closer = projection.Apply(part);
            crop = Refine(crop, closer, region);
            crop.Render(closer, region, crop.Square(_margin, image.Width, image.Height), target, _size);
        }
        else
        {
            crop.Render(gray, RelativeRectangle.Whole, square, target, _size);
        }

        return true;
    }

    /// <summary>Finds the glyph again in the larger size. Returns the first crop if the second is another object.</summary>
    private static GlyphCrop Refine(GlyphCrop crop, GrayImage closer, RelativeRectangle region)
    {
        var refined = GlyphFinder.Find(closer).Crop.Within(region);
        return refined.Sign == crop.Sign && refined.Box.IntersectionOverUnion(crop.Box) >= MinOverlap ? refined : crop;
    }

    private static RelativeRectangle Padded(RelativeRectangle square)
    {
        double padX = square.Width * 0.1, padY = square.Height * 0.1;
        double x = Math.Max(0, square.X - padX), y = Math.Max(0, square.Y - padY);
        return new RelativeRectangle(
            x, y, Math.Min(1, square.X + square.Width + padX) - x, Math.Min(1, square.Y + square.Height + padY) - y);
    }
}
