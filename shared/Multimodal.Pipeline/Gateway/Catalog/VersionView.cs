namespace Multimodal.Pipeline.Gateway.Catalog;

/// <summary>Results of one version of gate and combiner over the tenant's stored requests, at most the newest 100,000 answers of each version.</summary>
/// <param name="Version">Its name.</param>
/// <param name="IsPromoted">Whether it is the promoted version, which handles all requests outside the shares of the others.</param>
/// <param name="Share">Share of the requests that it handles.</param>
/// <param name="Answers">Answers that it planned and fused.</param>
/// <param name="Confidence">Their mean confidence; null without answers.</param>
/// <param name="Feedbacks">Answers with feedback.</param>
/// <param name="Right">Of these, correct answers.</param>
internal sealed record VersionView(string Version, bool IsPromoted, double Share, long Answers, double? Confidence, long Feedbacks, long Right);
