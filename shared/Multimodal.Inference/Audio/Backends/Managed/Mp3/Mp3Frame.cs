using Multimodal.Inference.Audio.Containers.Mpeg;
using NLayer;

namespace Multimodal.Inference.Audio.Backends.Managed.Mp3;

/// <summary>A frame in memory, for NLayer.</summary>
internal sealed class Mp3Frame(Mp3Header header, ReadOnlyMemory<byte> bytes) : IMpegFrame
{
    private int _bit;

    public int SampleRate => header.SampleRate;

    public int SampleRateIndex => header.SampleRateIndex;

    public int FrameLength => bytes.Length;

    public int BitRate => header.BitRate;

    public MpegVersion Version => header.IsMpeg1 ? MpegVersion.Version1 : header.IsMpeg25 ? MpegVersion.Version25 : MpegVersion.Version2;

    public MpegLayer Layer => MpegLayer.LayerIII;

    public MpegChannelMode ChannelMode => (MpegChannelMode)header.ChannelMode;

    public int ChannelModeExtension => header.ModeExtension;

    public int SampleCount => header.Samples;

    public int BitRateIndex => header.BitRateIndex;

    public bool IsCopyrighted => false;

    public bool HasCrc => header.HasCrc;

    public bool IsCorrupted => false;

    public void Reset() => _bit = 8 * (Mp3Header.ByteLength + (header.HasCrc ? 2 : 0));

    public int ReadBits(int bitCount)
    {
        var value = 0;
        var span = bytes.Span;
        for (var i = 0; i < bitCount; i++, _bit++)
        {
            value = (value << 1) | ((span[_bit >> 3] >> (7 - (_bit & 7))) & 1);
        }

        return value;
    }
}
