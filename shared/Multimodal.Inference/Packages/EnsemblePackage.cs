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
    public EnsembleOnline? Online { get; init; }

    /// <summary>The folder it was loaded from, absolute.</summary>
    public required string Folder { get; init; }
}

/// <summary>An expert in an ensemble.</summary>
/// <param name="Package">The expert.</param>
/// <param name="Columns">For each label of the ensemble, its position among the expert's own labels.</param>
public sealed record EnsembleExpert(ExpertPackage Package, IReadOnlyList<int> Columns)
{
    /// <summary>Share of the requests, in [0, 1], about which it is asked in shadow: recorded, but not counted. Null when it counts.</summary>
    public double? ShadowShare { get; init; }

    /// <summary>An opinion in the ensemble's order of labels.</summary>
    /// <param name="opinion">One value per label of the expert, in the expert's order.</param>
    /// <exception cref="ArgumentException">It has another length.</exception>
    public double[] Reorder(IReadOnlyList<double> opinion)
    {
        if (opinion.Count != Columns.Count)
        {
            throw new ArgumentException($"{opinion.Count} values for {Columns.Count} labels.", nameof(opinion));
        }

        var reordered = new double[Columns.Count];
        for (var i = 0; i < reordered.Length; i++)
        {
            reordered[i] = opinion[Columns[i]];
        }

        return reordered;
    }
}

/// <summary>What a request gets when it does not say.</summary>
/// <param name="Strategy">Name of the selection strategy.</param>
/// <param name="K">The most experts to ask; null leaves it to the gate.</param>
/// <param name="Fusion">Name of the fusion rule.</param>
/// <param name="Deadline">Time until the answer is due.</param>
/// <param name="Price">What another opinion must promise, in [0, 1], for a strategy that asks in waves; null for the usual.</param>
public sealed record EnsembleDefaults(string Strategy, int? K, string Fusion, TimeSpan Deadline, double? Price = null);

/// <summary>How feedback teaches whom to believe.</summary>
/// <param name="Learner">Name of the online learner.</param>
/// <param name="Loss">Name of the loss that a feedback is judged by.</param>
/// <param name="Strength">How sharply distrust acts, above 0; 1 takes the learner at its word.</param>
/// <param name="Explore">Share in [0, 1] of the requests whose experts are asked as if all were believed.</param>
/// <param name="Share">What <c>fixed-share</c> and <c>moe-f</c> spread again at each feedback, in [0, 1).</param>
/// <param name="Rate">Learning rate of <c>hedge</c> and <c>fixed-share</c>, above 0.</param>
public sealed record EnsembleOnline(
    string Learner, string Loss = "brier", double Strength = 1, double Explore = 0.1, double Share = 0.01, double Rate = 0.5);

/// <summary>A gate and the combiner that was trained behind it, beside the promoted ones.</summary>
/// <param name="Name">What both files say their version is.</param>
/// <param name="GateFile">The gate, absolute.</param>
/// <param name="CombinerFile">The combiner, absolute.</param>
/// <param name="Share">Share of the requests that it decides, in [0, 1].</param>
public sealed record EnsembleVersion(string Name, string GateFile, string CombinerFile, double Share);
