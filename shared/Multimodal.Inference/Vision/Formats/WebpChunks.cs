namespace Multimodal.Inference.Vision.Formats;

/// <summary>
/// The chunks of a WebP file, or of one frame, that affect one frame: the first chunk of each kind; empty if absent.
/// </summary>
internal ref struct WebpChunks
{
    /// <summary>The data of VP8X: flags and canvas size.</summary>
    public ReadOnlySpan<byte> Canvas;

    /// <summary>The VP8 or VP8L chunk with its header.</summary>
    public ReadOnlySpan<byte> Bitstream;

    /// <summary>The ALPH chunk with its header.</summary>
    public ReadOnlySpan<byte> Alpha;

    /// <summary>Number of frames that precede the frame.</summary>
    public int SkippedFrames;

    /// <summary>The data of ANMF.</summary>
    public ReadOnlySpan<byte> Frame;

    /// <summary>The data of EXIF.</summary>
    public ReadOnlySpan<byte> Exif;
}
