using System.Text.Json;
using Multimodal.Inference.Manifests;

namespace Multimodal.Inference.Vision.Preprocessing;

/// <summary>
/// The <c>preprocessing</c> object of kind <c>resize</c>. Required keys: <c>width</c>, <c>height</c>. Optional keys: <c>channels</c>
/// (default 3), <c>fit</c> (default <c>contain</c>), <c>mean</c> (default 0), <c>scale</c> (default 1) and <c>layout</c> (default
/// <c>nchw</c>). <see cref="ResizePreprocessor"/> describes their effect.
/// </summary>
internal sealed record ResizeOptions
{
    private const int MaxExtent = 4096;

    /// <summary>Width of the row in pixels, 1 to 4,096.</summary>
    public required int Width { get; init; }

    /// <summary>Height of the row in pixels, 1 to 4,096.</summary>
    public required int Height { get; init; }

    /// <summary>Number of channels: 1 (gray) or 3 (red, green, blue).</summary>
    public required int Channels { get; init; }

    /// <summary><c>contain</c>, <c>cover</c> or <c>stretch</c>.</summary>
    public required string Fit { get; init; }

    /// <summary>The value that is subtracted from levels in [0, 1], one per channel.</summary>
    public required IReadOnlyList<float> Mean { get; init; }

    /// <summary>The factor that the difference is multiplied with, one per channel.</summary>
    public required IReadOnlyList<float> Scale { get; init; }

    /// <summary>Whether the channel axis is first (<c>nchw</c>); else it is last (<c>nhwc</c>).</summary>
    public required bool IsPlanar { get; init; }

    /// <summary>Reads the options.</summary>
    /// <returns>Null if an error was reported to <paramref name="problem"/>.</returns>
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
