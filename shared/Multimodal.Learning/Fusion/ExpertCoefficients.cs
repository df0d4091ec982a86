using System.Collections.Frozen;

namespace Multimodal.Learning.Fusion;

/// <summary>One number per expert of a combiner's state; the mean for unknown experts. Immutable.</summary>
internal sealed class ExpertCoefficients
{
    private readonly FrozenDictionary<string, double> _values;
    private readonly double _mean;

    private ExpertCoefficients(FrozenDictionary<string, double> values) =>
        (_values, _mean) = (values, values.Count == 0 ? 1 : values.Values.Order().Average());

    /// <param name="rule">Name of the rule, for the error message.</param>
    /// <param name="state">The combiner's state.</param>
    /// <param name="values">One number per expert; null in older states, which gives every expert 1.</param>
    /// <exception cref="ArgumentException"><paramref name="state"/> is null: the rule needs a trained combiner.</exception>
    public static ExpertCoefficients From(string rule, CombinerState? state, IReadOnlyList<double>? values)
    {
        if (state is null)
        {
            throw new ArgumentException($"The fusion rule '{rule}' needs a trained combiner.", nameof(state));
        }

        return new ExpertCoefficients(
            state.Experts.Zip(values ?? []).ToFrozenDictionary(e => e.First, e => e.Second, StringComparer.Ordinal));
    }

    public double Of(string expert) => _values.TryGetValue(expert, out var value) ? value : _mean;
}
