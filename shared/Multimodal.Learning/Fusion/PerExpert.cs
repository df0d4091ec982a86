using System.Collections.Frozen;

namespace Multimodal.Learning.Fusion;

/// <summary>One number per expert from a combiner's state; the mean for experts it does not know.</summary>
internal sealed class PerExpert
{
    private readonly FrozenDictionary<string, double> _values;
    private readonly double _mean;

    private PerExpert(FrozenDictionary<string, double> values) => (_values, _mean) = (values, values.Values.Order().Average());

    /// <exception cref="ArgumentException">There is no state, or it was made before this rule's numbers were fitted.</exception>
    public static PerExpert From(string rule, CombinerState? state, IReadOnlyList<double>? values) =>
        state is { Experts.Count: > 0 } && values?.Count == state.Experts.Count
            ? new PerExpert(state.Experts.Zip(values).ToFrozenDictionary(e => e.First, e => e.Second, StringComparer.Ordinal))
            : throw new ArgumentException($"The fusion rule '{rule}' needs a combiner that was trained for it.", nameof(state));

    public double Of(string expert) => _values.TryGetValue(expert, out double value) ? value : _mean;
}
