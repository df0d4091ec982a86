using System.Collections.Frozen;
using System.Numerics.Tensors;
using Multimodal.Learning.Data;
using Multimodal.Learning.Numerics;

namespace Multimodal.Learning.Fusion;

/// <summary>
/// The learned rule. It weights each opinion by its content (confidence, entropy, agreement with the others), its expert and the gate's
/// features, and fuses in the form of its state. A single opinion keeps the order of its labels, with a confidence calibrated for the input
/// (docs/decisions/0050). A single opinion of an unknown expert is returned unchanged.
/// </summary>
public sealed class LearnedRule : IFusionRule
{
    // Keeps the weights finite if every feature is six standard deviations from its mean.
    private const double MaxScore = 30;

    private readonly IFusionForm _form;
    private readonly FrozenDictionary<string, int> _ids;
    private readonly FeatureScaler _scaler;
    private readonly CombinerNetwork _network;
    private readonly double[] _parameters;
    private readonly double _temperature;

    /// <param name="state">A trained state; it is copied.</param>
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

        // Older states have fewer signals; the new ones get weight 0.
        IEnumerable<double> Padded(IReadOnlyList<double> row) => row.Concat(Enumerable.Repeat(0.0, OpinionSignals.Count - row.Count));
        _parameters =
        [
            .. state.SharedWeights.SelectMany(Padded),
            .. state.ExpertWeights.SelectMany(Padded),
            .. state.FeatureWeights.SelectMany(row => row),
        ];
        _temperature = state.Temperature;
        ExpectedGain = ExpectedGain.From(state.GainWeights);
    }

    /// <inheritdoc />
    public string Name => "learned";

    /// <summary>Version of the trained state.</summary>
    public string Version { get; }

    /// <summary>Names of the features, in the order of the input. A caller that computes other features must not use the rule.</summary>
    public IReadOnlyList<string> Features { get; }

    /// <inheritdoc />
    public ExpectedGain ExpectedGain { get; }

    /// <inheritdoc />
    /// <remarks>
    /// Contributions in the forms log and discount: u_i(label) - mean_k u_i(k), with the sum ln p(label) - mean_k ln p(k) of the fused p.
    /// In the form linear: the opinion's share w_i p_i(label) of the pooled probability, scaled so that the sum is the confidence.
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
            table.LogProbabilities.CopyTo(support, 0);
            weights[0] = 1;
            return table.ToFused(
                fused, weights, (_, label) => _form is LinearForm ? Math.Exp(fused[label]) : OpinionTable.Centred(support, label));
        }

        _form.Fuse(table.LogProbabilities, Scores(table, features), _temperature, new FormResult(fused, support, weights));
        return table.ToFused(
            fused, weights, (row, label) => _form.Contribution(support.AsSpan(row * labels, labels), fused, label));
    }

    /// <inheritdoc />
    public IReadOnlyList<(int Label, double LogProbability)> FuseWithoutEach(IReadOnlyList<WeightedOpinion> opinions, ReadOnlySpan<float> features)
    {
        var table = OpinionTable.From(opinions);
        if (table.Count == 2)
        {
            // A single opinion of an unknown expert has its own rule.
            return IFusionRule.FuseRests(this, opinions, features);
        }

        var (labels, count) = (table.Labels, table.Count - 1);
        var input = Input(features);
        var probabilities = new double[table.LogProbabilities.Length];
        var overlaps = new double[table.Count * table.Count];
        TensorPrimitives.Exp(table.LogProbabilities, probabilities);
        OpinionSignals.WriteOverlaps(probabilities, labels, overlaps);
        var (found, logs) = (new double[table.Count], new double[table.Count]);
        var (fused, support, weights) = (new double[labels], new double[count * labels], new double[count]);
        var (restProbabilities, restOverlaps) = (new double[count * labels], new double[count * count]);
        for (var row = 0; row < table.Count; row++)
        {
            var rest = table.Without(row);
            OpinionTable.CopyWithout<double>(probabilities, restProbabilities, row, labels);
            for (var other = 0; other < count; other++)
            {
                var from = other < row ? other : other + 1;
                OpinionTable.CopyWithout<double>(overlaps.AsSpan(from * table.Count, table.Count), restOverlaps.AsSpan(other * count, count), row, 1);
            }

            var signals = new double[count * OpinionSignals.Count];
            OpinionSignals.WriteRows(restProbabilities, labels, rest.Weights, restOverlaps, signals);
            _form.Fuse(rest.LogProbabilities, Scores(rest, signals, input), _temperature, new FormResult(fused, support, weights));
            var label = Distribution.ArgMax(fused);
            (found[row], logs[row]) = (label, fused[label]);
        }

        return [.. table.InGivenOrder(found).Zip(table.InGivenOrder(logs), (label, log) => ((int)label, log))];
    }

    private double[] Scores(OpinionTable table, ReadOnlySpan<float> features)
    {
        var signals = new double[table.Count * OpinionSignals.Count];
        OpinionSignals.Write(
            table.LogProbabilities, table.Labels, table.Weights, new double[table.LogProbabilities.Length], signals);
        return Scores(table, signals, Input(features));
    }

    private double[] Scores(OpinionTable table, double[] signals, double[] input)
    {
        var ids = new int[table.Count];
        for (var row = 0; row < ids.Length; row++)
        {
            ids[row] = _ids.GetValueOrDefault(table.Experts[row], -1);
        }

        var scores = new double[_network.Outputs * table.Count];
        _network.Score(_parameters, ids, signals, input, scores);
        TensorPrimitives.Max(scores, -MaxScore, scores);
        TensorPrimitives.Min(scores, MaxScore, scores);
        return scores;
    }

    private double[] Input(ReadOnlySpan<float> features)
    {
        var input = new double[_scaler.Count];
        _scaler.Apply(features, input);
        return input;
    }
}
