namespace Multimodal.Pipeline.Gateway.Catalog;

/// <summary>One version of gate and combiner.</summary>
/// <param name="Version">Its name.</param>
/// <param name="IsPromoted">Whether it has the requests that no other version has a share of.</param>
/// <param name="Share">Share of the requests that it decides.</param>
/// <param name="Answers">Answers that it decided and fused, of those of the tenant that the store remembers.</param>
/// <param name="Confidence">Their mean confidence; null without any.</param>
/// <param name="Feedbacks">Answers whose truth is known.</param>
/// <param name="Right">Of these, the right ones.</param>
internal sealed record VersionView(string Version, bool IsPromoted, double Share, long Answers, double? Confidence, long Feedbacks, long Right);
