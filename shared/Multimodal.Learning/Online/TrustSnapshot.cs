using System.Collections.Frozen;
using Multimodal.Learning.Fusion;

namespace Multimodal.Learning.Online;

/// <summary>Trust in each expert under one <see cref="TrustState"/>, computed once. Immutable and thread-safe.</summary>
public sealed class TrustSnapshot
{
    private readonly FrozenDictionary<string, (double Weight, double Trust)> _experts;

    /// <param name="state">The state learned from feedback.</param>
    /// <param name="strength">Exponent of the odds (<see cref="ExpertTrust.FromWeight"/>), above 0.</param>
    public TrustSnapshot(TrustState state, double strength)
    {
        State = state;
        _experts = state.Experts.Keys.ToFrozenDictionary(expert => expert, Read, StringComparer.Ordinal);
        IsFull = _experts.Values.All(expert => expert.Trust >= 1);
        (double Weight, double Trust) Read(string expert)
        {
            var weight = ExpertTrust.WeightOf(state, expert);
            return (weight, ExpertTrust.FromWeight(weight, strength));
        }
    }

    /// <summary>The state it was computed from.</summary>
    public TrustState State { get; }

    /// <summary>Whether every expert has full trust.</summary>
    public bool IsFull { get; }

    /// <summary>The learner's weight of an expert against an uninformed forecaster, in [0, 1]; 0.5 for an unknown expert.</summary>
    public double WeightOf(string expert) => _experts.TryGetValue(expert, out var known) ? known.Weight : 0.5;

    /// <summary>Trust in an expert, in [0, 1]; 1 for an unknown expert.</summary>
    public double TrustOf(string expert) => _experts.TryGetValue(expert, out var known) ? known.Trust : 1;

    /// <summary>Learns from feedback about opinions that were asked for under this snapshot.</summary>
    /// <param name="opinions">The opinions that were fused.</param>
    /// <param name="label">Index of the true label.</param>
    /// <returns>The new state.</returns>
    public TrustState Learn(IReadOnlyList<WeightedOpinion> opinions, int label) => ExpertTrust.Update(
        State,
        opinions.ToDictionary(opinion => opinion.Expert, opinion => WeightOf(opinion.Expert), StringComparer.Ordinal),
        opinions.ToDictionary(opinion => opinion.Expert, opinion => opinion.LogProbabilities, StringComparer.Ordinal),
        label);
}
