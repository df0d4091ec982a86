namespace Multimodal.Inference.Packages;

/// <summary>A gate, and the combiner that was trained with it, in use beside the promoted pair.</summary>
/// <param name="Name">The version that both files state.</param>
/// <param name="GateFile">Absolute path of the gate.</param>
/// <param name="CombinerFile">Absolute path of the combiner.</param>
/// <param name="Share">Share of requests, in [0, 1], that this pair plans and fuses.</param>
public sealed record EnsembleVersion(string Name, string GateFile, string CombinerFile, double Share);
