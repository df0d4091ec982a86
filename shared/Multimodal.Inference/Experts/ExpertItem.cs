using System.Buffers;
using Multimodal.Inference.Media;

namespace Multimodal.Inference.Experts;

/// <summary>A part in process, and its row after preprocessing.</summary>
internal sealed class ExpertItem(MediaContent media)
{
    private byte[]? _rented;
    private int _length;

    public MediaContent Media => media;

    public ReadOnlySpan<byte> Row => _rented.AsSpan(0, _length);

    public Span<byte> Rent(int length)
    {
        (_rented, _length) = (ArrayPool<byte>.Shared.Rent(length), length);
        return _rented.AsSpan(0, length);
    }

    public void Free()
    {
        if (_rented is { } rented)
        {
            _rented = null;
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
