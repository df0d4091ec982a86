using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Multimodal.Inference.Manifests;
using Multimodal.Inference.Media;
using Multimodal.Inference.Preprocessing;
using Multimodal.Inference.Vision.Decoding;
using Multimodal.Inference.Vision.Filters;
using Multimodal.Inference.Vision.Glyphs;

namespace Multimodal.Inference.Vision.Preprocessing;

/// <summary>
/// <c>{"kind":"glyph","size":32,"margin":0.125}</c>: finds the one glyph of a photo and writes it upright, centred, as ink in
/// [0, 1] (1 is ink, whatever the polarity) in a row of shape [1, size, size]. An image in which nothing stands out is taken whole.
/// </summary>
internal sealed class GlyphPreprocessor : IPreprocessor
{
    /// <summary>The glyph is looked for at this size: a glyph of a twentieth of the edge still has 25 pixels.</summary>
    private const int WorkingEdge = 512;

    /// <summary>A glyph with fewer pixels is cut from a larger decode.</summary>
    private const int WantedExtent = 56;

    private const int LargestDecode = 4096;

    /// <summary>A closer look that agrees less than this with the first has found something else.</summary>
    private const double LeastOverlap = 0.5;

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

    /// <summary>The factory of the kind.</summary>
    public static IPreprocessor? Create(PreprocessorContext context, Action<string, string> problem)
    {
        JsonObjectReader fields = new(context.Options, problem);
        fields.Has("kind");
        var size = fields.Integer("size", 8, 128);
        var margin = fields.Number("margin", 0, 0.4, fallback: 0.125);
        return fields.Close() ? new GlyphPreprocessor(size!.Value, margin!.Value, context.Limits) : null;
    }

    public bool TryPrepare(ReadOnlySpan<byte> media, Span<byte> row, [NotNullWhen(false)] out MediaFailure? failure)
    {
        if (!ImageInspector.TryInspect(media, _limits, out var info, out failure))
        {
            return false;
        }

        var image = ImageDecoder.Decode(media, WorkingEdge, default, _limits);
        if (image is null)
        {
            failure = ImageDecoder.Damaged(info);
            return false;
        }

        var projection = ColourProjection.Of(image);
        var gray = projection.Apply(image);
        var (crop, extent, _) = GlyphFinder.Find(gray);
        var square = crop.Square(_margin, image.Width, image.Height);
        var fullEdge = Math.Max(info.Width!.Value, info.Height!.Value);
        var workingEdge = Math.Max(image.Width, image.Height);
        var wantedEdge = Math.Min(Math.Min(fullEdge, LargestDecode), (int)((long)workingEdge * WantedExtent / Math.Max(1, extent)));
        var target = MemoryMarshal.Cast<byte, float>(row);
        if (wantedEdge > workingEdge * 5 / 4 && ImageDecoder.Decode(media, wantedEdge, Padded(square), _limits) is { } part)
        {
            var place = Padded(square);
            var closer = projection.Apply(part);
            crop = Refine(crop, closer, place);
            crop.Render(closer, place, crop.Square(_margin, image.Width, image.Height), target, _size);
        }
        else
        {
            crop.Render(gray, RelativeRectangle.Whole, square, target, _size);
        }

        return true;
    }

    /// <summary>Looks again where there are more pixels; the first find stands if the second is something else.</summary>
    private static GlyphCrop Refine(GlyphCrop crop, GrayImage closer, RelativeRectangle place)
    {
        var refined = GlyphFinder.Find(closer).Crop.Within(place);
        return refined.Sign == crop.Sign && refined.Box.Overlap(crop.Box) >= LeastOverlap ? refined : crop;
    }

    private static RelativeRectangle Padded(RelativeRectangle square)
    {
        double padX = square.Width * 0.1, padY = square.Height * 0.1;
        double x = Math.Max(0, square.X - padX), y = Math.Max(0, square.Y - padY);
        return new RelativeRectangle(
            x, y, Math.Min(1, square.X + square.Width + padX) - x, Math.Min(1, square.Y + square.Height + padY) - y);
    }
}
