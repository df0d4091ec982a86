namespace Multimodal.Inference.Audio.Containers.Ogg;

/// <summary>A packet of an Ogg stream.</summary>
/// <param name="Data">The bytes of the packet.</param>
/// <param name="Granule">The granule position of its page, if it is the last packet that ends there and the page states one; else
/// null.</param>
/// <param name="IsOnLastPage">Whether the page on which it ends is marked as the last of the stream.</param>
internal readonly record struct OggPacket(ReadOnlyMemory<byte> Data, long? Granule, bool IsOnLastPage);
