namespace Multimodal.Inference.Vision.Formats;

/// <summary>One scan of a JPEG file: which coefficients of which components follow, and how they are coded.</summary>
/// <param name="Components">The components with their Huffman tables.</param>
/// <param name="First">First coefficient, in zigzag order.</param>
/// <param name="Last">Last coefficient.</param>
/// <param name="IsRefinement">Whether the scan adds one bit to coefficients of earlier scans.</param>
/// <param name="IsProgressive">Whether the frame is progressive.</param>
internal sealed record JpegScan(
    IReadOnlyList<(JpegComponent Component, JpegHuffman? Dc, JpegHuffman? Ac)> Components,
    int First,
    int Last,
    bool IsRefinement,
    bool IsProgressive);
