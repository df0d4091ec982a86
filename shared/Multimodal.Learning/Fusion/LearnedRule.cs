using System.Collections.Frozen;
using Multimodal.Learning.Data;

namespace Multimodal.Learning.Fusion;

/// <summary>
/// The learned combiner: it weighs each opinion by what was said (confidence, entropy, agreement with the others), by whom, and
/// by the gate's view of the input, and fuses in the form its state names. A single opinion keeps the order of its labels, and its
/// confidence is calibrated for the input at hand (docs/decisions/0050); that of an expert it does not know is returned as it is.
/// </summary>
public sealed class LearnedRule : IFusionRule
{
    // Scores are bounded so that an input of six deviations in every feature still gives a finite, usable weight.
    private const double MaxScore = 30;

    private readonly IFusionForm _form;
    private readonly FrozenDictionary<string, int> _ids;
    private readonly FeatureScaler _scaler;
    private readonly CombinerNetwork _network;
    private readonly double[] _parameters;
    private readonly double _temperature;

    /// <summary>Makes the rule from a trained state, which it copies.</summary>
    /// <exception cref="ArgumentException">The state is inconsistent.</exception>
    public LearnedRule(CombinerState state)
    {
        string[] problems = [.. state.Problems()];
        if (problems.Length > 0)
        {
            throw new ArgumentException(string.Join(" ", problems), nameof(state));
        }

        Version = state.Version;
        Features = [.. state.Scaling.Features];
        _form = FusionForms.Table[state.Form];
        _ids = state.Experts.Index().ToFrozenDictionary(e => e.Item, e => e.Index, StringComparer.Ordinal);
        _scaler = new FeatureScaler(state.Scaling);
        _network = new CombinerNetwork(state.Experts.Count, _scaler.Count, state.SharedWeights.Count);
        // A state from before the last signals were added gives them no weight.
        IEnumerable<double> Padded(IReadOnlyList<double> row) => row.Concat(Enumerable.Repeat(0.0, OpinionSignals.Count - row.Count));
        _parameters = [.. state.SharedWeights.SelectMany(Padded), .. state.ExpertWeights.SelectMany(Padded), .. state.FeatureWeights.SelectMany(row => row)];
        _temperature = state.Temperature;
        ExpectedGain = ExpectedGain.From(state.GainWeights);
    }

    /// <inheritdoc />
    public string Name => "learned";

    /// <summary>Version of the trained state.</summary>
    public string Version { get; }

    /// <summary>Feature names; the order of the input. A caller whose features differ must refuse to start.</summary>
    public IReadOnlyList<string> Features { get; }

    /// <inheritdoc />
    public ExpectedGain ExpectedGain { get; }

    /// <inheritdoc />
    /// <remarks>
    /// Contributions, forms log and discount: u_i(label) - mean_k u_i(k), which sum to the fused ln p(label) - mean_k ln p(k).
    /// Form linear: the opinion's share w_i p_i(label) of the pooled probability, scaled so that they sum to the confidence.
    /// </remarks>
    public FusedOpinion Fuse(IReadOnlyList<WeightedOpinion> opinions, ReadOnlySpan<float> features)
    {
        var table = OpinionTable.From(opinions);
        var labels = table.Labels;
        var fused = new double[labels];
        var support = new double[table.Count * labels];
        var weights = new double[table.Count];
        if (table.Count == 1 && !_ids.ContainsKey(table.Experts[0]))
        {
            table.LogProbabilities.CopyTo(fused, 0);
            // In log space an opinion's support is itself; its share of a linear pool is all of it.
            table.LogProbabilities.CopyTo(support, 0);
            weights[0] = 1;
            return table.ToFused(fused, weights, (_, label) => _form is LinearForm ? Math.Exp(fused[label]) : OpinionTable.Centred(support, label));
        }

        _form.Fuse(table.LogProbabilities, Scores(table, features), _temperature, new FormResult(fused, support, weights));
        return table.ToFused(
            fused, weights, (row, label) => _form.Contribution(support.AsSpan(row * labels, labels), fused, label));
    }

    private double[] Scores(OpinionTable table, ReadOnlySpan<float> features)
    {
        var ids = new int[table.Count];
        for (var row = 0; row < ids.Length; row++)
        {
            ids[row] = _ids.GetValueOrDefault(table.Experts[row], -1);
        }

        var input = new double[_scaler.Count];
        _scaler.Apply(features, input);
        var signals = new double[table.Count * OpinionSignals.Count];
        OpinionSignals.Write(
            table.LogProbabilities, table.Labels, table.Weights, new double[table.LogProbabilities.Length], signals);
        var scores = new double[_network.Outputs * table.Count];
        _network.Score(_parameters, ids, signals, input, scores);
        System.Numerics.Tensors.TensorPrimitives.Max(scores, -MaxScore, scores);
        System.Numerics.Tensors.TensorPrimitives.Min(scores, MaxScore, scores);
        return scores;
    }
}
