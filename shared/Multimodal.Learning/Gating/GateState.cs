using System.Text.Json.Serialization;
using Multimodal.Learning.Data;

namespace Multimodal.Learning.Gating;

/// <summary>The state of a trained gate of any kind, immutable. <see cref="Gates.Open"/> makes the gate.</summary>
public sealed record GateState
{
    /// <summary>A name in <see cref="Gates.Names"/>; null means <c>soft</c>, as in states from before there were several kinds.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Kind { get; init; }

    /// <summary>Version, chosen by the trainer's caller.</summary>
    public required string Version { get; init; }

    /// <summary>Names of the experts, in the order of the logits.</summary>
    public required IReadOnlyList<string> Experts { get; init; }

    /// <summary>The input features and their scaling.</summary>
    public required FeatureScaling Scaling { get; init; }

    /// <summary>
    /// W [experts x features], for standardised features. In a <c>laplace</c> gate, each row is the centre of an expert. A
    /// <c>hierarchical</c> gate has one row per modality before those of the experts, in the ordinal order of the modalities' names. A
    /// <c>pairs-by-label</c> gate has one row per label.
    /// </summary>
    public required IReadOnlyList<IReadOnlyList<double>> Weights { get; init; }

    /// <summary>b: one entry per row of <see cref="Weights"/>.</summary>
    public required IReadOnlyList<double> Bias { get; init; }

    /// <summary>The hidden layer; null for a linear gate.</summary>
    public GateHiddenLayer? Hidden { get; init; }

    /// <summary>The modality of each expert, in <c>hierarchical</c>, <c>pairs</c> and <c>pairs-by-label</c> gates.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Modalities { get; init; }

    /// <summary>How much a logit falls per unit of distance, above 0, in <c>laplace</c> gates.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Sharpness { get; init; }

    /// <summary>
    /// The entries of a <c>pairs</c> gate, which has no <see cref="Weights"/>: those of expert 0 alone; of 0 and 1, of 1 alone; of 0 and 2,
    /// of 1 and 2, of 2 alone; and so on.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<GatePair>? Pairs { get; init; }

    /// <summary>The entries of a <c>pairs-by-label</c> gate, in the order of <see cref="Pairs"/>.</summary>
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
            return [$"kind '{Kind}' is unknown; it must be one of {string.Join(", ", Gates.Names)}."];
        }

        var features = Scaling.Features.Count;
        var kind = Gates.Table[Kind ?? Gates.DefaultKind];
        IEnumerable<string> strays = (Pairs is null || kind is PairsKind) && (Tables is null || kind is PairsByLabelKind)
            ? []
            : ["Only a gate of kind pairs has pairs, and only one of kind pairs-by-label has tables."];
        var problems = kind.Problems(this)
            .Concat(strays)
            .Concat(Scaling.Problems())
            .Concat(StateJson.CheckNames("experts", Experts))
            .Concat(StateJson.CheckMatrix("weights", Weights, Weights.Count, features))
            .Concat(StateJson.CheckNumbers("bias", Bias, Weights.Count));
        return Hidden is not { } hidden ? problems : problems
            .Concat(StateJson.CheckMatrix("hidden.weights", hidden.Weights, hidden.Bias.Count, features))
            .Concat(StateJson.CheckNumbers("hidden.bias", hidden.Bias, hidden.Bias.Count))
            .Concat(StateJson.CheckMatrix("hidden.output", hidden.Output, Weights.Count, hidden.Bias.Count));
    }
}
