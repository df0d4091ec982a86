namespace Multimodal.Inference.Vision.Backends;

/// <summary>
/// The limit of the search for the first frame that is not blank (<see cref="BlankImage"/>), in animations and files with several pages.
/// </summary>
internal static class FrameSearch
{
    /// <summary>Maximum number of frames.</summary>
    public const int MaxFrames = 32;

    // Decoding frame k decodes the k frames before it, so the work grows with the square of the number of frames.
    private const double MaxDecodedPixels = 64_000_000;

    // Each attempt parses the whole file.
    private const double MaxParsedBytes = 64_000_000;

    /// <summary>Returns how many frames are searched: 2 to <see cref="MaxFrames"/>, fewer for large images and large files.</summary>
    public static int Limit(int width, int height, int bytes) => (int)Math.Clamp(
        Math.Min(Math.Sqrt(2 * MaxDecodedPixels / ((double)width * height)), MaxParsedBytes / bytes), 2, MaxFrames);
}
