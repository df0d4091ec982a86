namespace Multimodal.Inference.Audio.Backends.Managed.Ogg;

/// <summary>A packet of an Ogg stream.</summary>
/// <param name="Data">Its bytes.</param>
/// <param name="Granule">Samples of the stream after it, if it is the last that ends on its page and the page says so.</param>
/// <param name="IsOnLastPage">Whether the page that it ends on is marked as the stream's last.</param>
internal readonly record struct OggPacket(ReadOnlyMemory<byte> Data, long? Granule, bool IsOnLastPage);
