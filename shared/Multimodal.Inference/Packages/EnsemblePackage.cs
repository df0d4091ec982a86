namespace Multimodal.Inference.Packages;

/// <summary>Experts that judge the same labels, with the names of the gate and the combiner trained for them.</summary>
public sealed record EnsemblePackage
{
    /// <summary>Name; lower-case letters, digits and hyphens; a part of its queues' names.</summary>
    public required string Name { get; init; }

    /// <summary>Semantic version.</summary>
    public required string Version { get; init; }

    /// <summary>The labels, in the order that all opinions and answers use.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>The experts, in the order that gate and combiner use; a gate need not know those in shadow.</summary>
    public required IReadOnlyList<EnsembleExpert> Experts { get; init; }

    /// <summary>The promoted gate, absolute; not there before training.</summary>
    public required string GateFile { get; init; }

    /// <summary>The combiner that was trained behind it, absolute; not there before training.</summary>
    public required string CombinerFile { get; init; }

    /// <summary>The versions of gate and combiner beside that one, in the order of the file.</summary>
    public IReadOnlyList<EnsembleVersion> Versions { get; init; } = [];

    /// <summary>What a request gets when it does not say.</summary>
    public required EnsembleDefaults Defaults { get; init; }

    /// <summary>How feedback teaches whom to believe; null when it only is stored.</summary>
    public EnsembleTrust? Trust { get; init; }

    /// <summary>The folder it was loaded from, absolute.</summary>
    public required string Folder { get; init; }
}
