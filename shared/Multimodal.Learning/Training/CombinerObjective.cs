using Multimodal.Learning.Data;
using Multimodal.Learning.Fusion;
using Multimodal.Learning.Gating;
using Multimodal.Learning.Selection;

namespace Multimodal.Learning.Training;

/// <summary>
/// NLL of the fused answer. Each time an example is used, the opinions that the combiner sees are drawn anew, as the service would produce
/// them: mostly the experts that the strategy selects for some k, else a random subset, as after a deadline or a fault. A strategy that
/// asks in waves may stop after any k, so the answer must be calibrated for each.
/// </summary>
internal sealed class CombinerObjective : IObjective
{
    // Probability of drawing the selected experts, and of keeping an opinion in a random subset.
    private const double SelectedShare = 0.6;
    private const double KeepOpinion = 0.7;

    private readonly PreparedSet _train;
    private readonly RecordedSet _trainRecords;
    private readonly PreparedSet _dev;
    private readonly TrainingOptions _options;
    private readonly IGate _gate;
    private readonly ExpertSelector _selector;
    private readonly ExpertSelector _all;
    private readonly ExpertSelection _selection;
    private readonly double[] _decay;
    private readonly double[] _trainLogits;
    private readonly (int Example, double[] Weights)[] _devWeights;
    private readonly CombinerPass _pass;
    private readonly double[] _input;
    private readonly bool[] _hasOpinion;
    private readonly double[] _logits;

    public CombinerObjective(RecordedSet train, RecordedSet dev, IFusionForm form, CombinerSetup setup)
    {
        (_trainRecords, _gate, _options) = (train, setup.Gate, setup.Options);
        (_train, _dev) = (new PreparedSet(train, setup.Scaling), new PreparedSet(dev, setup.Scaling));
        _selector = new ExpertSelector(_gate, _options.Strategy, _train.ExpertBlocks);
        _all = new ExpertSelector(_gate, "soft", _train.ExpertBlocks);
        _selection = new ExpertSelection(_train.Experts);
        Network = new CombinerNetwork(train.Experts.Count, train.Features.Count, form.InitialScores.Length);
        _pass = new CombinerPass(Network, form, _train.Experts, _train.Labels);
        _input = new double[train.Features.Count];
        _hasOpinion = new bool[_train.Experts];
        _logits = new double[_train.Experts];
        _decay = new double[Network.ParameterCount];
        Array.Fill(_decay, 1);
        for (var o = 0; o < Network.Outputs; o++)
        {
            // The shared weight of the constant signal is a bias.
            _decay[o * OpinionSignals.Count] = 0;
        }

        _trainLogits = new double[_train.Count * _train.Experts];
        for (var n = 0; n < _train.Count; n++)
        {
            _gate.Score(train.Examples[n].Features, _trainLogits.AsSpan(n * _train.Experts, _train.Experts));
        }

        _devWeights = [.. dev.Examples.SelectMany((example, n) => DeployedWeights(example, n))];
    }

    public CombinerNetwork Network { get; }

    public int Count => _train.Count;

    public ReadOnlySpan<double> DecayMask => _decay;

    public double AddExample(int example, ReadOnlySpan<double> parameters, Random random, Span<double> gradient)
    {
        var hidden = _train.Draw(example, _options, random, _input, _hasOpinion);
        return TrySelect(example, hidden, random)
            ? _pass.Run(new CombinerInput(_train, example, _input, _selection.Weights), parameters, gradient)
            : 0;
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

    /// <summary>
    /// The fused dev answers: of each example one with the selected experts (in waves, one after each expert) and one with all.
    /// </summary>
    public IEnumerable<(double Loss, double[] Fused, int Label)> DevAnswers(double[] parameters)
    {
        foreach (var (n, weights) in _devWeights)
        {
            var loss = _pass.Run(new CombinerInput(_dev, n, _dev.Input(n), weights), parameters, []);
            yield return (loss, _pass.Fused, _dev.Label(n));
        }
    }

    private IEnumerable<(int Example, double[] Weights)> DeployedWeights(RecordedExample example, int n)
    {
        var count = _dev.HasOpinion(n).Count(true);
        int?[] ks = count == 0 ? [] : _selector.AsksInWaves ? [.. Enumerable.Range(1, count)] : [null, count];
        foreach (var k in ks)
        {
            var selector = k == count ? _all : _selector;
            yield return (n, selector.Select(example.Features, _dev.HasOpinion(n), k).Weights);
        }
    }

    /// <summary>Selects the experts for one training step; false if the example has no opinion.</summary>
    private bool TrySelect(int example, int hidden, Random random)
    {
        var count = _hasOpinion.AsSpan().Count(true);
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

        if (random.NextDouble() < SelectedShare)
        {
            int? k = !_selector.AsksInWaves && random.Next(2) == 0 ? null : random.Next(1, count + 1);
            _selector.SelectByLogits(logits, _hasOpinion, k, null, _selection);
        }
        else
        {
            DropOpinions(count, random);
            _all.SelectByLogits(logits, _hasOpinion, null, null, _selection);
        }

        return true;
    }

    private void DropOpinions(int count, Random random)
    {
        for (var e = 0; e < _hasOpinion.Length && count > 1; e++)
        {
            if (_hasOpinion[e] && random.NextDouble() > KeepOpinion)
            {
                _hasOpinion[e] = false;
                count--;
            }
        }
    }
}
