namespace Multimodal.Inference.Packages;

/// <summary>A gate and the combiner that was trained behind it, beside the promoted ones.</summary>
/// <param name="Name">What both files say their version is.</param>
/// <param name="GateFile">The gate, absolute.</param>
/// <param name="CombinerFile">The combiner, absolute.</param>
/// <param name="Share">Share of the requests that it decides, in [0, 1].</param>
public sealed record EnsembleVersion(string Name, string GateFile, string CombinerFile, double Share);
