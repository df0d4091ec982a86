using System.Diagnostics.CodeAnalysis;
using Multimodal.Inference.Media;

namespace Multimodal.Inference.Preprocessing;

/// <summary>
/// Converts the bytes of one part into one row of a model's input tensor. There is one implementation per kind of preprocessing.
/// Instances are thread-safe.
/// </summary>
public interface IPreprocessor
{
    /// <summary>The element type and shape of the row.</summary>
    TensorRow Row { get; }

    /// <summary>Decodes <paramref name="media"/> and writes one row.</summary>
    /// <param name="media">The part as the client sent it.</param>
    /// <param name="row">Exactly <c>Row.ByteLength</c> bytes in native byte order. All of them are written on success.</param>
    /// <param name="failure">The reason why the media is refused, if the result is false.</param>
    /// <returns>False if the media cannot be used.</returns>
    bool TryPrepare(MediaContent media, Span<byte> row, [NotNullWhen(false)] out MediaFailure? failure);
}
