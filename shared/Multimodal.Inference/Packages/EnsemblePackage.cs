namespace Multimodal.Inference.Packages;

/// <summary>Experts with the same labels, and the files of the gate and the combiner that were trained for them.</summary>
public sealed record EnsemblePackage
{
    /// <summary>Name: lower-case letters, digits and single hyphens. It is part of the names of the experts' queues.</summary>
    public required string Name { get; init; }

    /// <summary>Semantic version.</summary>
    public required string Version { get; init; }

    /// <summary>The labels, in the order of all opinions and answers.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>The experts, in the order of the gate and the combiner. A gate may omit shadow experts.</summary>
    public required IReadOnlyList<EnsembleExpert> Experts { get; init; }

    /// <summary>Absolute path of the promoted gate. The file does not exist before training.</summary>
    public required string GateFile { get; init; }

    /// <summary>Absolute path of the combiner that was trained with the promoted gate. The file does not exist before training.</summary>
    public required string CombinerFile { get; init; }

    /// <summary>The pairs of gate and combiner in use beside the promoted one, in the order of the file.</summary>
    public IReadOnlyList<EnsembleVersion> Versions { get; init; } = [];

    /// <summary>The values that apply when a request does not set them.</summary>
    public required EnsembleDefaults Defaults { get; init; }

    /// <summary>How feedback adjusts the trust in each expert; null if feedback is only stored.</summary>
    public EnsembleTrust? Trust { get; init; }

    /// <summary>Absolute path of the folder that it was loaded from.</summary>
    public required string Folder { get; init; }
}
