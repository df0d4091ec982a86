using System.Diagnostics.CodeAnalysis;
using Multimodal.Inference.Media;

namespace Multimodal.Inference.Preprocessing;

/// <summary>
/// Turns the bytes of one part into one row of a model's input tensor. One class per kind; safe to call from several threads at once.
/// </summary>
public interface IPreprocessor
{
    /// <summary>The row that it writes.</summary>
    TensorRow Row { get; }

    /// <summary>Decodes <paramref name="media"/> and writes one row.</summary>
    /// <param name="media">The part's bytes as the client sent them.</param>
    /// <param name="row">Exactly <c>Row.ByteLength</c> bytes, native byte order; every byte is written on success.</param>
    /// <param name="failure">Why the media cannot be used, on false.</param>
    bool TryPrepare(ReadOnlySpan<byte> media, Span<byte> row, [NotNullWhen(false)] out MediaFailure? failure);
}
