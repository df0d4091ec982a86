using System.Text.Json;
using Multimodal.Inference.Manifests;

namespace Multimodal.Inference.Vision.Preprocessing;

/// <summary>
/// The <c>preprocessing</c> object of kind <c>resize</c>. Keys: <c>width</c> and <c>height</c> are required; <c>channels</c>
/// (default 3), <c>fit</c> (<c>contain</c>), <c>mean</c> (0), <c>scale</c> (1) and <c>layout</c> (<c>nchw</c>) are not.
/// <see cref="ResizePreprocessor"/> says what each does.
/// </summary>
internal sealed record ResizeOptions
{
    private const int MaxExtent = 4096;

    /// <summary>Columns of the row, 1 to 4,096.</summary>
    public required int Width { get; init; }

    /// <summary>Lines of the row, 1 to 4,096.</summary>
    public required int Height { get; init; }

    /// <summary>1 (gray) or 3 (red, green, blue).</summary>
    public required int Channels { get; init; }

    /// <summary><c>contain</c>, <c>cover</c> or <c>stretch</c>.</summary>
    public required string Fit { get; init; }

    /// <summary>Subtracted from the level in [0, 1], one per channel.</summary>
    public required IReadOnlyList<float> Mean { get; init; }

    /// <summary>Multiplies what is left, one per channel.</summary>
    public required IReadOnlyList<float> Scale { get; init; }

    /// <summary>Whether channels come first (<c>nchw</c>) and not last (<c>nhwc</c>).</summary>
    public required bool IsPlanar { get; init; }

    /// <summary>Reads the options; null when <paramref name="problem"/> was called, once for each mistake.</summary>
    public static ResizeOptions? Read(JsonElement options, Action<string, string> problem)
    {
        var fields = new JsonObjectReader(options, problem);
        fields.Has("kind");
        var width = fields.Integer("width", 1, MaxExtent);
        var height = fields.Integer("height", 1, MaxExtent);
        var channels = fields.Integer("channels", 1, 3, fallback: 3);
        if (channels == 2)
        {
            fields.Report("channels", "must be 1 (gray) or 3 (red, green, blue).");
            channels = null;
        }

        var fit = fields.OneOf("fit", ["contain", "cover", "stretch"], fallback: "contain");
        var mean = fields.Numbers("mean", channels, fallback: 0);
        var scale = fields.Numbers("scale", channels, fallback: 1);
        var layout = fields.OneOf("layout", ["nchw", "nhwc"], fallback: "nchw");
        return !fields.Close() ? null : new ResizeOptions
        {
            Width = width!.Value,
            Height = height!.Value,
            Channels = channels!.Value,
            Fit = fit!,
            Mean = mean!,
            Scale = scale!,
            IsPlanar = layout == "nchw",
        };
    }
}
