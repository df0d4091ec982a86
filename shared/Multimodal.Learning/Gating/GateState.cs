using System.Text.Json.Serialization;
using Multimodal.Learning.Data;

namespace Multimodal.Learning.Gating;

/// <summary>Everything a trained gate of any kind knows; immutable. <see cref="Gates.Open"/> makes the gate from it.</summary>
public sealed record GateState
{
    /// <summary>A name of <see cref="Gates.Names"/>; null in states from before there were several kinds, which are <c>soft</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Kind { get; init; }

    /// <summary>Version, chosen by whoever trained it.</summary>
    public required string Version { get; init; }

    /// <summary>Expert names; the order of the logits.</summary>
    public required IReadOnlyList<string> Experts { get; init; }

    /// <summary>The features it reads and how they are scaled.</summary>
    public required FeatureScaling Scaling { get; init; }

    /// <summary>
    /// W: a row per expert with a weight per standardised feature; of a <c>laplace</c> gate the expert's place among the features. A
    /// <c>hierarchical</c> gate has a row per modality before them, in ordinal order of the modalities' names.
    /// </summary>
    public required IReadOnlyList<IReadOnlyList<double>> Weights { get; init; }

    /// <summary>b: one per row of <see cref="Weights"/>.</summary>
    public required IReadOnlyList<double> Bias { get; init; }

    /// <summary>The hidden layer; null for a linear gate.</summary>
    public GateHiddenLayer? Hidden { get; init; }

    /// <summary>Of a <c>hierarchical</c> gate and of those of pairs, the modality of each expert.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Modalities { get; init; }

    /// <summary>Of a <c>laplace</c> gate, how much a logit falls per unit of distance; above 0.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Sharpness { get; init; }

    /// <summary>
    /// Of a gate of <c>pairs</c>, in place of <see cref="Weights"/>: an entry per expert and per two, those of the first j experts before those of
    /// the next, each expert's with the first, the second and so on, and alone.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<GatePair>? Pairs { get; init; }

    /// <summary>
    /// Of a gate of <c>pairs-by-label</c>, whose <see cref="Weights"/> guess the label with a row for each: as <see cref="Pairs"/>, with a row per label.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<GateTable>? Tables { get; init; }

    /// <summary>Writes JSON that <see cref="FromJson"/> reads back exactly.</summary>
    public string ToJson() => StateJson.Write(this);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="FormatException">The text is not a gate; the message names every mistake found.</exception>
    public static GateState FromJson(string json) => StateJson.Read<GateState>(json, state => state.Problems());

    internal IEnumerable<string> Problems()
    {
        if (!Gates.Table.Contains(Kind ?? Gates.DefaultKind))
        {
            return [$"kind '{Kind}' is none of {string.Join(", ", Gates.Names)}."];
        }

        var features = Scaling.Features.Count;
        var kind = Gates.Table[Kind ?? Gates.DefaultKind];
        IEnumerable<string> strays = (Pairs is null || kind is PairsKind) && (Tables is null || kind is PairsByLabelKind)
            ? []
            : ["pairs belong to a gate of pairs alone, tables to one of pairs-by-label."];
        var problems = kind.Problems(this)
            .Concat(strays)
            .Concat(Scaling.Problems())
            .Concat(StateJson.CheckNames("experts", Experts))
            .Concat(StateJson.CheckMatrix("weights", Weights, Weights.Count, features))
            .Concat(StateJson.CheckNumbers("bias", Bias, Weights.Count));
        if (Hidden is { } hidden)
        {
            problems = problems
                .Concat(StateJson.CheckMatrix("hidden.weights", hidden.Weights, hidden.Bias.Count, features))
                .Concat(StateJson.CheckNumbers("hidden.bias", hidden.Bias, hidden.Bias.Count))
                .Concat(StateJson.CheckMatrix("hidden.output", hidden.Output, Weights.Count, hidden.Bias.Count));
        }

        return problems;
    }
}
