using System.Text.Json.Serialization;
using Multimodal.Learning.Data;

namespace Multimodal.Learning.Fusion;

/// <summary>The state of a trained combiner, immutable.</summary>
public sealed record CombinerState
{
    /// <summary>Version, chosen by the trainer's caller.</summary>
    public required string Version { get; init; }

    /// <summary>
    /// How scores fuse opinions: <c>log</c>, <c>discount</c> or <c>linear</c>. Training keeps the form with the lowest dev NLL.
    /// </summary>
    public required string Form { get; init; }

    /// <summary>Names of the experts that it was trained on. Other experts only get the shared weights.</summary>
    public required IReadOnlyList<string> Experts { get; init; }

    /// <summary>Names of the signals, in order: those of this build or of an earlier one.</summary>
    public required IReadOnlyList<string> Signals { get; init; }

    /// <summary>The gate's features and their scaling.</summary>
    public required FeatureScaling Scaling { get; init; }

    /// <summary>a [kinds of score x signals], shared by all experts.</summary>
    [JsonPropertyName("prior")]
    public required IReadOnlyList<IReadOnlyList<double>> SharedWeights { get; init; }

    /// <summary>A: one row per kind of score and expert (expert fastest) with a weight per signal, added to the shared weights.</summary>
    [JsonPropertyName("own")]
    public required IReadOnlyList<IReadOnlyList<double>> ExpertWeights { get; init; }

    /// <summary>B: one row per kind of score and expert (expert fastest) with a weight per standardised feature.</summary>
    [JsonPropertyName("inputs")]
    public required IReadOnlyList<IReadOnlyList<double>> FeatureWeights { get; init; }

    /// <summary>Temperature of the fused distribution, above 0.</summary>
    public required double Temperature { get; init; }

    /// <summary>
    /// Accuracy of each expert on the training set, for <c>accuracy-weighted</c>; null in older states, with equal accuracies.
    /// </summary>
    public IReadOnlyList<double>? Accuracies { get; init; }

    /// <summary>Power v of each expert, at least 0, for <c>stacking</c>; null in older states, with powers of 1.</summary>
    public IReadOnlyList<double>? Powers { get; init; }

    /// <summary>
    /// One weight per signal in <see cref="ExpectedGain.Signals"/>; null in older states, which estimate the gain by the gate's weights.
    /// </summary>
    [JsonPropertyName("asking")]
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
            yield return $"form '{Form}' is unknown; it must be one of {string.Join(", ", FusionForms.Table.Names)}.";
        }

        if (!OpinionSignals.IsSupported(Signals))
        {
            yield return $"signals must be {string.Join(", ", OpinionSignals.Names)}.";
        }

        if (Accuracies?.Any(a => a < 0) == true || Powers?.Any(v => v < 0) == true)
        {
            yield return "accuracies and powers must be at least 0.";
        }

        if (!(Temperature > 0) || !double.IsFinite(Temperature))
        {
            yield return "temperature must be above 0.";
        }
    }
}
