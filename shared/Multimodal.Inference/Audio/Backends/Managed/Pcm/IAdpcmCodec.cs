namespace Multimodal.Inference.Audio.Backends.Managed.Pcm;

/// <summary>Decodes ADPCM blocks, each independently.</summary>
internal interface IAdpcmCodec
{
    /// <summary>Number of channels, 1 or 2.</summary>
    int Channels { get; }

    /// <summary>Length of a block in bytes. The last block of a file may be shorter.</summary>
    int BlockBytes { get; }

    /// <summary>Returns the number of frames in a block of <paramref name="bytes"/> bytes.</summary>
    int Frames(int bytes);

    /// <summary>Decodes a block.</summary>
    /// <param name="block">The block, at most <see cref="BlockBytes"/> long.</param>
    /// <param name="samples">Receives 16-bit samples, channels interleaved, <see cref="Frames"/> per channel.</param>
    void Decode(ReadOnlySpan<byte> block, Span<short> samples);
}
