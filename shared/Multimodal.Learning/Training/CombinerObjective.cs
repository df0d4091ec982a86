using Multimodal.Learning.Data;
using Multimodal.Learning.Fusion;
using Multimodal.Learning.Gating;
using Multimodal.Learning.Selection;

namespace Multimodal.Learning.Training;

/// <summary>
/// NLL of the fused answer. Which opinions an example shows is drawn anew each time, as in service: mostly the gate's own
/// choice for some k, else a random subset (opinions that a deadline or a fault lost). Behind a strategy that asks in waves every k is a
/// place to stop, so the answer must be as sure as it should be after each.
/// </summary>
internal sealed class CombinerObjective : IObjective
{
    private const double GateShare = 0.6;
    private const double KeepOpinion = 0.7;

    private readonly PreparedSet _train;
    private readonly RecordedSet _trainRecords;
    private readonly PreparedSet _dev;
    private readonly TrainingOptions _options;
    private readonly IGate _gate;
    private readonly ISelectionStrategy _strategy;
    private readonly double[] _decay;
    private readonly double[] _trainLogits;
    private readonly (int Example, double[] Weights)[] _devWeights;
    private readonly CombinerPass _pass;
    private readonly double[] _input;
    private readonly bool[] _given;
    private readonly double[] _logits;
    private readonly double[] _weights;

    public CombinerObjective(
        RecordedSet train, RecordedSet dev, FeatureScaling scaling, IGate gate, IFusionForm form, TrainingOptions options)
    {
        (_trainRecords, _gate, _options) = (train, gate, options);
        _strategy = SelectionStrategies.Table[options.Strategy];
        (_train, _dev) = (new PreparedSet(train, scaling), new PreparedSet(dev, scaling));
        Network = new CombinerNetwork(train.Experts.Count, train.Features.Count, form.InitialScores.Length);
        _pass = new CombinerPass(Network, form, _train.Experts, _train.Labels);
        _input = new double[train.Features.Count];
        _given = new bool[_train.Experts];
        _logits = new double[_train.Experts];
        _weights = new double[_train.Experts];
        _decay = new double[Network.ParameterCount];
        Array.Fill(_decay, 1);
        for (var o = 0; o < Network.Outputs; o++)
        {
            // The prior's weight for the signal that is always one: the bias.
            _decay[o * OpinionSignals.Count] = 0;
        }

        _trainLogits = new double[_train.Count * _train.Experts];
        for (var n = 0; n < _train.Count; n++)
        {
            gate.Score(train.Examples[n].Features, _trainLogits.AsSpan(n * _train.Experts, _train.Experts));
        }

        _devWeights = [.. dev.Examples.SelectMany((example, n) => DeployedWeights(example, n))];
    }

    public CombinerNetwork Network { get; }

    public int Count => _train.Count;

    public ReadOnlySpan<double> Decay => _decay;

    public double AddExample(int example, ReadOnlySpan<double> parameters, Random random, Span<double> gradient)
    {
        var hidden = _train.Draw(example, _options, random, _input, _given);
        if (!ChooseOpinions(example, hidden, random))
        {
            return 0;
        }

        return _pass.Run(_train, example, _input, _weights, parameters, gradient);
    }

    public double DevLoss(ReadOnlySpan<double> parameters)
    {
        double sum = 0;
        var count = 0;
        foreach (var (loss, _, _) in DevAnswers(parameters.ToArray()))
        {
            sum += loss;
            count++;
        }

        return sum / Math.Max(1, count);
    }

    /// <summary>The fused dev answers, each example as the strategy would ask it (in waves: after each) and with everybody asked.</summary>
    public IEnumerable<(double Loss, double[] Fused, int Label)> DevAnswers(double[] parameters)
    {
        foreach (var (n, weights) in _devWeights)
        {
            var loss = _pass.Run(_dev, n, _dev.Input(n), weights, parameters, []);
            yield return (loss, _pass.Fused, _dev.Label(n));
        }
    }

    private IEnumerable<(int Example, double[] Weights)> DeployedWeights(RecordedExample example, int n)
    {
        _gate.Score(example.Features, _logits);
        var given = _dev.Given(n).Count(true);
        int?[] choices = given == 0 ? [] : _strategy.AsksInWaves ? [.. Enumerable.Range(1, given)] : [null, given];
        foreach (var k in choices)
        {
            var weights = new double[_train.Experts];
            var strategy = k == given ? SelectionStrategies.Table["soft"] : _strategy;
            strategy.Select(new Candidates(_logits, _dev.Given(n), _train.ExpertBlocks), k, weights);
            yield return (n, weights);
        }
    }

    // Fills _weights; false when there is no opinion.
    private bool ChooseOpinions(int example, int hidden, Random random)
    {
        var count = _given.AsSpan().Count(true);
        if (count == 0)
        {
            return false;
        }

        var logits = _trainLogits.AsSpan(example * _train.Experts, _train.Experts);
        if (hidden >= 0)
        {
            float[] features = [.. _trainRecords.Examples[example].Features];
            features[_train.Blocks[hidden].Offset] = 0;
            _gate.Score(features, _logits);
            logits = _logits;
        }

        if (random.NextDouble() < GateShare)
        {
            int? k = !_strategy.AsksInWaves && random.Next(2) == 0 ? null : random.Next(1, count + 1);
            _strategy.Select(new Candidates(logits, _given, _train.ExpertBlocks), k, _weights);
        }
        else
        {
            for (var e = 0; e < _given.Length && count > 1; e++)
            {
                if (_given[e] && random.NextDouble() > KeepOpinion)
                {
                    _given[e] = false;
                    count--;
                }
            }

            SelectionStrategies.KeepBest(new Candidates(logits, _given), count, _weights);
        }

        return true;
    }
}
