using Multimodal.Learning.Data;
using Multimodal.Learning.Gating;

namespace Multimodal.Learning.Selection;

/// <summary>
/// Decides which experts run for a request: the gate scores them, the strategy selects, weights and orders them. The service, training and
/// all studies decide with this class. Thread-safe.
/// </summary>
public sealed class ExpertSelector
{
    private readonly IGate _gate;
    private readonly ISelectionStrategy _strategy;
    private readonly int[] _modalities;

    /// <param name="gate">Scores the experts.</param>
    /// <param name="strategy">A name in <see cref="SelectionStrategies"/>.</param>
    /// <param name="modalities">One number per expert of the gate; experts with the same number share a modality.</param>
    /// <exception cref="ArgumentException">The strategy does not exist, or the gate has another number of experts.</exception>
    public ExpertSelector(IGate gate, string strategy, IReadOnlyList<int> modalities)
    {
        if (modalities.Count != gate.Experts.Count)
        {
            throw new ArgumentException(
                $"The gate has {gate.Experts.Count} experts, but {modalities.Count} modalities were given.", nameof(modalities));
        }

        (_gate, _strategy, _modalities) = (gate, SelectionStrategies.Table[strategy], [.. modalities]);
    }

    /// <summary>For recorded requests.</summary>
    /// <param name="set">Has the experts of the gate, in the same order.</param>
    /// <param name="gate">Scores the experts.</param>
    /// <param name="strategy">A name in <see cref="SelectionStrategies"/>.</param>
    public ExpertSelector(RecordedSet set, IGate gate, string strategy)
        : this(gate, strategy, Candidates.NumberModalities(set.Experts.Select(expert => expert.Modality)))
    {
    }

    /// <summary>Whether the selected experts are asked one after the other (<see cref="ISelectionStrategy.AsksInWaves"/>).</summary>
    public bool AsksInWaves => _strategy.AsksInWaves;

    /// <summary>One number per expert; experts with the same number share a modality.</summary>
    public IReadOnlyList<int> Modalities => _modalities;

    /// <summary>Selects experts for one request.</summary>
    /// <param name="features">The gate's features, unscaled.</param>
    /// <param name="available">One entry per expert; an expert with false is never selected.</param>
    /// <param name="k">Maximum number of experts to select, at least 1; null for the strategy's own number.</param>
    /// <param name="steering">Load, costs and trust; null for none.</param>
    public ExpertSelection Select(ReadOnlySpan<float> features, ReadOnlySpan<bool> available, int? k = null, Steering? steering = null)
    {
        var selection = new ExpertSelection(_modalities.Length);
        Select(features, available, k, steering, selection);
        return selection;
    }

    /// <summary>Same, without an allocation.</summary>
    /// <param name="features">The gate's features, unscaled.</param>
    /// <param name="available">One entry per expert; an expert with false is never selected.</param>
    /// <param name="k">Maximum number of experts to select, at least 1; null for the strategy's own number.</param>
    /// <param name="steering">Load, costs and trust; null for none.</param>
    /// <param name="selection">Overwritten with the result.</param>
    public void Select(ReadOnlySpan<float> features, ReadOnlySpan<bool> available, int? k, Steering? steering, ExpertSelection selection)
    {
        Span<double> logits = stackalloc double[_modalities.Length];
        _gate.Score(features, logits);
        SelectByLogits(logits, available, k, steering, selection);
    }

    /// <summary>Same, with given logits of the gate. Training scores each request once and selects many times.</summary>
    internal void SelectByLogits(
        ReadOnlySpan<double> logits, ReadOnlySpan<bool> available, int? k, Steering? steering, ExpertSelection selection)
    {
        Span<double> trusted = stackalloc double[logits.Length];
        logits.CopyTo(trusted);
        for (var e = 0; e < trusted.Length && steering?.Trust is { } trust; e++)
        {
            trusted[e] += Math.Log(trust[e]);
        }

        var candidates = new Candidates(trusted, available, _modalities)
        {
            Bias = steering?.Bias,
            Full = steering?.Full,
            Costs = steering?.Costs,
            Budget = steering?.Budget ?? double.PositiveInfinity,
        };
        selection.K = _strategy.Select(candidates, k, selection.Weights);
        _strategy.Order(candidates, selection.Weights, selection.Waves);
    }
}
