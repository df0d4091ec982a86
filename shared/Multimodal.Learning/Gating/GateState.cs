namespace Multimodal.Learning.Gating;

/// <summary>Everything a trained softmax gate knows; immutable.</summary>
public sealed record GateState
{
    /// <summary>Version, chosen by whoever trained it.</summary>
    public required string Version { get; init; }

    /// <summary>Expert names; the order of the logits.</summary>
    public required IReadOnlyList<string> Experts { get; init; }

    /// <summary>The features it reads and how they are scaled.</summary>
    public required FeatureScaling Scaling { get; init; }

    /// <summary>W: a row per expert with a weight per standardised feature.</summary>
    public required IReadOnlyList<IReadOnlyList<double>> Weights { get; init; }

    /// <summary>b: one per expert.</summary>
    public required IReadOnlyList<double> Bias { get; init; }

    /// <summary>The hidden layer; null for a linear gate.</summary>
    public GateHiddenLayer? Hidden { get; init; }

    /// <summary>Writes JSON that <see cref="FromJson"/> reads back exactly.</summary>
    public string ToJson() => StateJson.Write(this);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="FormatException">The text is not a gate; the message names every mistake found.</exception>
    public static GateState FromJson(string json) => StateJson.Read<GateState>(json, state => state.Problems());

    internal IEnumerable<string> Problems()
    {
        int features = Scaling.Features.Count;
        IEnumerable<string> problems = Scaling.Problems()
            .Concat(StateJson.CheckNames("experts", Experts))
            .Concat(StateJson.CheckMatrix("weights", Weights, Experts.Count, features))
            .Concat(StateJson.CheckNumbers("bias", Bias, Experts.Count));
        if (Hidden is { } hidden)
        {
            problems = problems
                .Concat(StateJson.CheckMatrix("hidden.weights", hidden.Weights, hidden.Bias.Count, features))
                .Concat(StateJson.CheckNumbers("hidden.bias", hidden.Bias, hidden.Bias.Count))
                .Concat(StateJson.CheckMatrix("hidden.output", hidden.Output, Experts.Count, hidden.Bias.Count));
        }

        return problems;
    }
}

/// <summary>The hidden layer of a gate: logits gain V tanh(U z + c).</summary>
/// <param name="Weights">U: a row per unit with a weight per standardised feature.</param>
/// <param name="Bias">c: one per unit.</param>
/// <param name="Output">V: a row per expert with a weight per unit.</param>
public sealed record GateHiddenLayer(
    IReadOnlyList<IReadOnlyList<double>> Weights, IReadOnlyList<double> Bias, IReadOnlyList<IReadOnlyList<double>> Output);
