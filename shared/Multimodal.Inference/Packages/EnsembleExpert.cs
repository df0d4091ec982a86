namespace Multimodal.Inference.Packages;

/// <summary>An expert in an ensemble.</summary>
/// <param name="Package">The expert's package.</param>
/// <param name="Columns">For each label of the ensemble, its index among the labels of the expert.</param>
public sealed record EnsembleExpert(ExpertPackage Package, IReadOnlyList<int> Columns)
{
    /// <summary>
    /// Share of requests, in [0, 1], for which a shadow expert is asked: its opinion is recorded but does not affect the answer. Null if it
    /// is not a shadow expert.
    /// </summary>
    public double? ShadowShare { get; init; }

    /// <summary>Reorders an opinion to the ensemble's order of labels.</summary>
    /// <param name="opinion">One value per label, in the expert's order.</param>
    /// <exception cref="ArgumentException">The number of values differs from the number of labels.</exception>
    public double[] Reorder(IReadOnlyList<double> opinion)
    {
        if (opinion.Count != Columns.Count)
        {
            throw new ArgumentException($"The opinion has {opinion.Count} values for {Columns.Count} labels.", nameof(opinion));
        }

        var reordered = new double[Columns.Count];
        for (var i = 0; i < reordered.Length; i++)
        {
            reordered[i] = opinion[Columns[i]];
        }

        return reordered;
    }
}
