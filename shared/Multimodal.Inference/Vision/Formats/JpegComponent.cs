namespace Multimodal.Inference.Vision.Formats;

/// <summary>A colour component of a JPEG frame.</summary>
/// <param name="Id">Its identifier in scan headers.</param>
/// <param name="Across">Horizontal sampling factor.</param>
/// <param name="Down">Vertical sampling factor.</param>
internal sealed record JpegComponent(byte Id, int Across, int Down)
{
    private const byte Missing = 0xFF;

    /// <summary>Blocks in a row that contain pixels of the image.</summary>
    public int BlocksAcross { get; init; }

    /// <summary>Rows of blocks that contain pixels of the image.</summary>
    public int BlocksDown { get; init; }

    /// <summary>Blocks in a row of a scan with several components, which pads to whole units.</summary>
    public int PaddedAcross { get; init; }

    /// <summary>For each block of a progressive image, a bit per coefficient that is not zero so far.</summary>
    public ulong[] NonZero { get; init; } = [];

    /// <summary>By coefficient, the number of low bits that later scans must add; 255 if no scan contained it.</summary>
    public byte[] MissingBits { get; } = [.. Enumerable.Repeat(Missing, 64)];

    /// <summary>Whether all bits of all coefficients have been read.</summary>
    public bool IsComplete => MissingBits.AsSpan().IndexOfAnyExcept((byte)0) < 0;
}
