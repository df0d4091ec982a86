using System.Collections.Frozen;

namespace Multimodal.Learning.Fusion;

/// <summary>One number per expert from a combiner's state; the mean for experts it does not know.</summary>
internal sealed class ExpertCoefficients
{
    private readonly FrozenDictionary<string, double> _values;
    private readonly double _mean;

    private ExpertCoefficients(FrozenDictionary<string, double> values) => (_values, _mean) = (values, values.Count == 0 ? 1 : values.Values.Order().Average());

    /// <summary>A state from before these numbers were fitted gives every expert 1.</summary>
    /// <exception cref="ArgumentException">There is no state.</exception>
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
