namespace Multimodal.Inference.Vision.Formats;

/// <summary>The chunks of a WebP file, or of one frame of it, that matter for its first picture; the first of each kind, empty if there is none.</summary>
internal ref struct WebpChunks
{
    /// <summary>Data of VP8X: flags and the size of the canvas.</summary>
    public ReadOnlySpan<byte> Canvas;

    /// <summary>VP8 or VP8L with its header.</summary>
    public ReadOnlySpan<byte> Bitstream;

    /// <summary>ALPH with its header.</summary>
    public ReadOnlySpan<byte> Alpha;

    /// <summary>Data of ANMF.</summary>
    public ReadOnlySpan<byte> Frame;

    /// <summary>Data of EXIF.</summary>
    public ReadOnlySpan<byte> Exif;
}
