using Multimodal.Learning.Data;

namespace Multimodal.Learning.Fusion;

/// <summary>Everything the learned rule knows; immutable.</summary>
public sealed record CombinerState
{
    /// <summary>Version, chosen by whoever trained it.</summary>
    public required string Version { get; init; }

    /// <summary>How scores fuse opinions: <c>log</c>, <c>discount</c> or <c>linear</c>, whichever did best on the dev set.</summary>
    public required string Form { get; init; }

    /// <summary>The experts it was trained on; others get the prior.</summary>
    public required IReadOnlyList<string> Experts { get; init; }

    /// <summary>What it sees of an opinion, in order; must be what this build, or one before it, computes.</summary>
    public required IReadOnlyList<string> Signals { get; init; }

    /// <summary>The gate's features and how they are scaled.</summary>
    public required FeatureScaling Scaling { get; init; }

    /// <summary>a: a row per kind of score with a weight per signal, shared by all experts.</summary>
    public required IReadOnlyList<IReadOnlyList<double>> SharedWeights { get; init; }

    /// <summary>A: a row per kind of score and expert (expert fastest), added to the prior.</summary>
    public required IReadOnlyList<IReadOnlyList<double>> ExpertWeights { get; init; }

    /// <summary>B: a row per kind of score and expert (expert fastest) with a weight per standardised feature.</summary>
    public required IReadOnlyList<IReadOnlyList<double>> FeatureWeights { get; init; }

    /// <summary>Temperature of the fused distribution, above 0.</summary>
    public required double Temperature { get; init; }

    /// <summary>Per expert its share of right favourites on the training set, for <c>accuracy-weighted</c>; null in older states, which count all alike.</summary>
    public IReadOnlyList<double>? Accuracies { get; init; }

    /// <summary>Per expert its power v, at least 0, for <c>stacking</c>; null in older states, whose powers are 1.</summary>
    public IReadOnlyList<double>? Powers { get; init; }

    /// <summary>A weight per signal of <see cref="ExpectedGain.Signals"/>: what one more opinion is worth; null in older states, which go by the gate's weights.</summary>
    public IReadOnlyList<double>? GainWeights { get; init; }

    /// <summary>Writes JSON that <see cref="FromJson"/> reads back exactly.</summary>
    public string ToJson() => StateJson.Write(this);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="FormatException">The text is not a combiner; the message names every mistake found.</exception>
    public static CombinerState FromJson(string json) => StateJson.Read<CombinerState>(json, state => state.Problems());

    internal IEnumerable<string> Problems()
    {
        var signals = Signals.Count;
        var outputs = FusionForms.Table.Contains(Form) ? FusionForms.Table[Form].InitialScores.Length : SharedWeights.Count;
        foreach (var problem in Scaling.Problems()
            .Concat(StateJson.CheckNames("experts", Experts))
            .Concat(StateJson.CheckMatrix("prior", SharedWeights, outputs, signals))
            .Concat(StateJson.CheckMatrix("own", ExpertWeights, outputs * Experts.Count, signals))
            .Concat(StateJson.CheckMatrix("inputs", FeatureWeights, outputs * Experts.Count, Scaling.Features.Count))
            .Concat(Accuracies is null ? [] : StateJson.CheckNumbers("accuracies", Accuracies, Experts.Count))
            .Concat(Powers is null ? [] : StateJson.CheckNumbers("powers", Powers, Experts.Count))
            .Concat(GainWeights is null ? [] : StateJson.CheckNumbers("asking", GainWeights, ExpectedGain.Signals.Count)))
        {
            yield return problem;
        }

        if (!FusionForms.Table.Contains(Form))
        {
            yield return $"form '{Form}' is none of {string.Join(", ", FusionForms.Table.Names)}.";
        }

        if (!OpinionSignals.IsSupported(Signals))
        {
            yield return $"signals are not {string.Join(", ", OpinionSignals.Names)}.";
        }

        if (Accuracies?.Any(a => a < 0) == true || Powers?.Any(v => v < 0) == true)
        {
            yield return "accuracies or powers hold a negative number.";
        }

        if (!(Temperature > 0) || !double.IsFinite(Temperature))
        {
            yield return "temperature is not above 0.";
        }
    }
}
