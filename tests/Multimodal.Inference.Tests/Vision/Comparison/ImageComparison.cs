namespace Multimodal.Inference.Tests.Vision.Comparison;

/// <summary>The result of one case.</summary>
/// <param name="IsRefused">Whether the decoder refused the file.</param>
/// <param name="Mean">Mean absolute difference of gray levels.</param>
/// <param name="Share">Share of pixels that differ by more than 24 gray levels.</param>
/// <param name="Fault">What is wrong; null if the decoder did what it must.</param>
internal sealed record ImageComparison(bool IsRefused, double Mean, double Share, string? Fault);
