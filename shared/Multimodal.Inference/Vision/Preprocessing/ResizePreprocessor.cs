using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Multimodal.Inference.Media;
using Multimodal.Inference.Preprocessing;
using Multimodal.Inference.Vision.Decoding;
using Multimodal.Inference.Vision.Filters;

namespace Multimodal.Inference.Vision.Preprocessing;

/// <summary>
/// Kind <c>resize</c>: scales the whole image to the size of the model, float32 [channels, height, width] or [height, width, channels].
/// Each value is (level / 255 - mean) x scale. <c>contain</c> (default) keeps the aspect ratio and fills the rest with white, <c>cover</c>
/// keeps it and crops, <c>stretch</c> changes it. Example:
/// <c>{"kind":"resize","width":224,"height":224,"channels":3,"fit":"cover","mean":[0.5,0.5,0.5],"scale":[2,2,2],"layout":"nchw"}</c>.
/// </summary>
internal sealed class ResizePreprocessor : IPreprocessor
{
    private readonly ResizeOptions _options;
    private readonly MediaOptions _limits;

    private ResizePreprocessor(ResizeOptions options, MediaOptions limits)
    {
        (_options, _limits) = (options, limits);
        var (width, height, channels) = (options.Width, options.Height, options.Channels);
        Row = new TensorRow(TensorElement.Float32, options.IsPlanar ? [channels, height, width] : [height, width, channels]);
    }

    public TensorRow Row { get; }

    /// <summary>The factory of this kind.</summary>
    public static IPreprocessor? Create(PreprocessorContext context, Action<string, string> problem) =>
        ResizeOptions.Read(context.Options, problem) is { } options ? new ResizePreprocessor(options, context.Limits) : null;

    public bool TryPrepare(MediaContent media, Span<byte> row, [NotNullWhen(false)] out MediaFailure? failure)
    {
        if (!ImageReading.TryInspect(media, _limits, out var size, out failure)
            || !ImageReading.TryDecode(media, DecodeEdge(size), _limits, out var decoded, out failure))
        {
            return false;
        }

        var image = decoded.Pixels;
        var target = MemoryMarshal.Cast<byte, float>(row);
        var window = Window(image.Width, image.Height);
        var plane = new float[image.Width * image.Height];
        var resized = new float[_options.Width * _options.Height];
        var channels = _options.Channels;
        var levels = channels == 1 ? image.ToGray().Pixels : image.Pixels;
        for (var channel = 0; channel < channels; channel++)
        {
            for (var i = 0; i < plane.Length; i++)
            {
                plane[i] = levels[(i * channels) + channel];
            }

            TriangleResampler.Resample(
                new Plane(plane, image.Width, image.Height),
                window,
                _options.Fit == "contain" ? 255 : null,
                new Plane(resized, _options.Width, _options.Height));
            var (mean, scale) = (_options.Mean[channel], _options.Scale[channel]);
            for (var i = 0; i < resized.Length; i++)
            {
                var index = _options.IsPlanar ? (channel * resized.Length) + i : (i * channels) + channel;
                target[index] = ((resized[i] / 255f) - mean) * scale;
            }
        }

        return true;
    }

    /// <summary>The edge of the decoded image: twice the size that the model needs, so that the resampler can average pixels.</summary>
    private int DecodeEdge(MediaInfo info)
    {
        double ratioX = (double)_options.Width / info.Width!.Value, ratioY = (double)_options.Height / info.Height!.Value;
        var ratio = _options.Fit == "contain" ? Math.Min(ratioX, ratioY) : Math.Max(ratioX, ratioY);
        return (int)Math.Clamp(Math.Ceiling(2 * ratio * Math.Max(info.Width.Value, info.Height.Value)), 1, 8192);
    }

    /// <summary>The rectangle of the image that becomes the row. It can extend beyond the image.</summary>
    private ResampleWindow Window(int width, int height)
    {
        if (_options.Fit == "stretch")
        {
            return new ResampleWindow(0, 0, width, height);
        }

        double ratioX = (double)width / _options.Width, ratioY = (double)height / _options.Height;
        var ratio = _options.Fit == "contain" ? Math.Max(ratioX, ratioY) : Math.Min(ratioX, ratioY);
        double across = ratio * _options.Width, down = ratio * _options.Height;
        return new ResampleWindow((width - across) / 2, (height - down) / 2, across, down);
    }
}
