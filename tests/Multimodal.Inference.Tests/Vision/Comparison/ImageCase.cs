using Multimodal.Inference.Media;

namespace Multimodal.Inference.Tests.Vision.Comparison;

/// <summary>A file, and what a decoder must do with it.</summary>
/// <param name="Class">The class of files it belongs to.</param>
/// <param name="Name">Its name in messages.</param>
/// <param name="Bytes">The file.</param>
public sealed record ImageCase(string Class, string Name, byte[] Bytes)
{
    /// <summary>The file that the reference decoder reads; differs from <see cref="Bytes"/> if it cannot read those.</summary>
    public required string Reference { get; init; }

    /// <summary>The frame that must be judged.</summary>
    public int Frame { get; init; }

    /// <summary>The background that transparent pixels must have.</summary>
    public string Background { get; init; } = "white";

    /// <summary>What the decoder must do.</summary>
    public ImageExpectation Expectation { get; init; } = ImageExpectation.SamePixels;

    /// <summary>The name of the format that a refusal must contain.</summary>
    public required string Format { get; init; }

    /// <summary>Decoders that may refuse the file by name instead of decoding it.</summary>
    public IReadOnlyList<ImageDecoderKind> MayRefuse { get; init; } = [];

    /// <summary>Largest mean absolute difference of gray levels.</summary>
    public double MeanLimit { get; init; } = 0.6;

    /// <summary>Largest share of pixels that differ by more than 24 gray levels.</summary>
    public double ShareLimit { get; init; } = 0.005;
}
