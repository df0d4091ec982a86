namespace Multimodal.Inference.Audio.Backends.Managed.Pcm;

/// <summary>A coding whose frames come in blocks that are decoded alone.</summary>
internal interface IAdpcmCodec
{
    /// <summary>1 or 2.</summary>
    int Channels { get; }

    /// <summary>Bytes of a block; the last one of a file may be shorter.</summary>
    int BlockBytes { get; }

    /// <summary>Frames in a block of <paramref name="bytes"/> bytes.</summary>
    int Frames(int bytes);

    /// <summary>Decodes a block.</summary>
    /// <param name="block">At most <see cref="BlockBytes"/>.</param>
    /// <param name="samples">16-bit samples, interleaved; <see cref="Frames"/> of them per channel.</param>
    void Decode(ReadOnlySpan<byte> block, Span<short> samples);
}
