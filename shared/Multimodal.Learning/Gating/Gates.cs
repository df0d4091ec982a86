using Multimodal.Learning.Data;

namespace Multimodal.Learning.Gating;

/// <summary>The kinds of gate by name.</summary>
public static class Gates
{
    /// <summary>The kind of states without a kind.</summary>
    internal const string DefaultKind = "soft";

    private static readonly IGateKind[] All =
    [
        new SoftKind(), new HardKind(), new TopKKind(), new SwitchKind(), new MixtralKind(), new HierarchicalKind(), new LaplaceKind(),
        new PairsKind(), new PairsByLabelKind(),
    ];

    /// <summary>The names of all kinds, sorted.</summary>
    public static IReadOnlyList<string> Names => Table.Names;

    internal static NamedTable<IGateKind> Table { get; } = new("gate", All.Select(kind => KeyValuePair.Create(kind.Name, kind)));

    /// <summary>Name of the selection strategy that a kind is trained for.</summary>
    /// <exception cref="ArgumentException">There is no such kind.</exception>
    public static string StrategyOf(string kind) => Table[kind].Strategy;

    /// <summary>Makes the gate of a state.</summary>
    /// <exception cref="ArgumentException">The state is inconsistent, or has more than 1,024 features, hidden units or outputs.</exception>
    public static IGate Open(GateState state)
    {
        string[] problems = [.. state.Problems()];
        var isTooWide = state.Scaling.Features.Count > TrainedNetwork.MaxWidth
            || state.Hidden?.Bias.Count > TrainedNetwork.MaxWidth || state.Weights.Count > TrainedNetwork.MaxWidth;
        return problems.Length == 0 && !isTooWide
            ? Table[state.Kind ?? DefaultKind].Open(state)
            : throw new ArgumentException(
                isTooWide
                    ? $"The gate has more than {TrainedNetwork.MaxWidth} features, hidden units or outputs."
                    : string.Join(" ", problems),
                nameof(state));
    }

    /// <summary>Makes the gate of a state that <see cref="GateState.ToJson"/> wrote.</summary>
    /// <exception cref="FormatException">The text is not a gate; the message names every mistake found.</exception>
    /// <exception cref="ArgumentException">The gate has more than 1,024 features, hidden units or outputs.</exception>
    public static IGate FromJson(string json) => Open(GateState.FromJson(json));
}
