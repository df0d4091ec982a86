namespace Multimodal.Inference.Audio.Formats;

/// <summary>One recording in a file, in a form that both decoders read alike.</summary>
/// <param name="MediaType">Its media type, which selects the decoder.</param>
/// <param name="Bytes">Its bytes.</param>
internal readonly record struct AudioLink(string MediaType, ReadOnlyMemory<byte> Bytes);
