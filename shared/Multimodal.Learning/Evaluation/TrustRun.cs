namespace Multimodal.Learning.Evaluation;

/// <summary>Result of a <see cref="TrustStudy"/>.</summary>
public sealed record TrustRun
{
    /// <summary>Whether each request was answered correctly, before its feedback.</summary>
    public required IReadOnlyList<bool> Correct { get; init; }

    /// <summary>Before each request, the trust in each expert, in [0, 1].</summary>
    public required IReadOnlyList<double[]> Trust { get; init; }

    /// <summary>Mean number of experts asked per request.</summary>
    public required double ExpertsRun { get; init; }
}
