using System.Buffers;

namespace Multimodal.Inference.Audio.Decoding;

/// <summary>
/// Exposes a pinned span as <see cref="Memory{T}"/>, because readers are classes and cannot store a span. It must not be used after the
/// <c>fixed</c> block.
/// </summary>
internal sealed unsafe class PinnedBytes(byte* data, int length) : MemoryManager<byte>
{
    public override Span<byte> GetSpan() => new(data, length);

    public override MemoryHandle Pin(int elementIndex = 0) => new(data + elementIndex);

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
    }
}
