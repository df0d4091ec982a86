namespace Multimodal.Inference.Packages;

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
