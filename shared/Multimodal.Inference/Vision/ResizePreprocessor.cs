using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text.Json;
using Multimodal.Inference.Media;
using Multimodal.Inference.Preprocessing;

namespace Multimodal.Inference.Vision;

/// <summary>
/// <c>{"kind":"resize","width":224,"height":224,"channels":3,"fit":"cover","mean":[0.5,0.5,0.5],"scale":[2,2,2],"layout":"nchw"}</c>:
/// the whole image at the model's size. Each value is <c>(level / 255 - mean) * scale</c>. <c>contain</c> (the default) keeps
/// the shape and fills the rest with white, <c>cover</c> keeps it and cuts, <c>stretch</c> does not keep it.
/// </summary>
internal sealed class ResizePreprocessor : IPreprocessor
{
    private readonly int _width;
    private readonly int _height;
    private readonly int _channels;
    private readonly string _fit;
    private readonly float[] _mean;
    private readonly float[] _scale;
    private readonly bool _isPlanar;
    private readonly MediaOptions _limits;

    private ResizePreprocessor(OptionReader reader, MediaOptions limits)
    {
        _width = reader.Integer("width", 1, 4096, null);
        _height = reader.Integer("height", 1, 4096, null);
        _channels = reader.Integer("channels", 1, 3, 3);
        if (_channels == 2)
        {
            reader.Report("channels", "must be 1 (gray) or 3 (red, green, blue).");
        }

        _fit = reader.Choice("fit", "contain", "cover", "stretch");
        _mean = reader.Numbers("mean", _channels, 0);
        _scale = reader.Numbers("scale", _channels, 1);
        _isPlanar = reader.Choice("layout", "nchw", "nhwc") == "nchw";
        _limits = limits;
        Row = new TensorRow(TensorElement.Float32, _isPlanar ? [_channels, _height, _width] : [_height, _width, _channels]);
    }

    public TensorRow Row { get; }

    /// <summary>Makes one from its options; see <see cref="PreprocessorFactory"/>.</summary>
    public static IPreprocessor? Create(JsonElement options, MediaOptions limits, Action<string, string> problem)
    {
        OptionReader reader = new(options, problem);
        ResizePreprocessor preprocessor = new(reader, limits);
        return reader.Finish() ? preprocessor : null;
    }

    public bool TryPrepare(ReadOnlySpan<byte> media, Span<byte> row, [NotNullWhen(false)] out MediaFailure? failure)
    {
        if (!ImageInspector.TryInspect(media, _limits, out MediaInfo? info, out failure))
        {
            return false;
        }

        if (ImageDecoder.Decode(media, DecodeEdge(info), default, _limits) is not { } image)
        {
            failure = ImageDecoder.Damaged(info);
            return false;
        }

        Span<float> target = MemoryMarshal.Cast<byte, float>(row);
        (double x, double y, double across, double down) = Window(image.Width, image.Height);
        float[] plane = new float[image.Width * image.Height];
        float[] resized = new float[_width * _height];
        byte[] levels = _channels == 1 ? image.ToGray().Pixels : image.Pixels;
        for (int channel = 0; channel < _channels; channel++)
        {
            for (int i = 0; i < plane.Length; i++)
            {
                plane[i] = levels[(i * _channels) + channel];
            }

            Resampler.Resample(
                plane, image.Width, image.Height, x, y, across, down, _fit == "contain" ? 255 : null, resized, _width, _height);
            for (int i = 0; i < resized.Length; i++)
            {
                float value = ((resized[i] / 255f) - _mean[channel]) * _scale[channel];
                target[_isPlanar ? (channel * resized.Length) + i : (i * _channels) + channel] = value;
            }
        }

        return true;
    }

    /// <summary>Twice the pixels that the model wants, so that the resampling has something to average.</summary>
    private int DecodeEdge(MediaInfo info)
    {
        double ratioX = (double)_width / info.Width!.Value, ratioY = (double)_height / info.Height!.Value;
        double ratio = _fit == "contain" ? Math.Min(ratioX, ratioY) : Math.Max(ratioX, ratioY);
        return (int)Math.Clamp(Math.Ceiling(2 * ratio * Math.Max(info.Width.Value, info.Height.Value)), 1, 8192);
    }

    /// <summary>The rectangle of the image, possibly reaching outside, that becomes the row.</summary>
    private (double X, double Y, double Across, double Down) Window(int width, int height)
    {
        if (_fit == "stretch")
        {
            return (0, 0, width, height);
        }

        double ratioX = (double)width / _width, ratioY = (double)height / _height;
        double ratio = _fit == "contain" ? Math.Max(ratioX, ratioY) : Math.Min(ratioX, ratioY);
        double across = ratio * _width, down = ratio * _height;
        return ((width - across) / 2, (height - down) / 2, across, down);
    }
}
