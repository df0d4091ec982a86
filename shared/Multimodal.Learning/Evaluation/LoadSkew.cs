namespace Multimodal.Learning.Evaluation;

/// <summary>A stream of requests in which one kind of request is frequent.</summary>
/// <param name="Expert">Index of the expert. The frequent requests are those whose best available expert, by the gate, is this one.</param>
/// <param name="Share">Share of the frequent requests in the stream, in [0, 1].</param>
/// <param name="Length">Number of requests in the stream.</param>
public sealed record LoadSkew(int Expert, double Share, int Length);
