namespace Multimodal.Inference.Vision.Formats;

/// <summary>What happens to the area of a frame before the next frame is drawn.</summary>
internal enum FrameDisposal
{
    /// <summary>It stays.</summary>
    Keep,

    /// <summary>It becomes transparent.</summary>
    Clear,

    /// <summary>It gets back the pixels that were there before the frame.</summary>
    Restore,
}
