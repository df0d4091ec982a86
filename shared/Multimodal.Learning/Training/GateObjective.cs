using Multimodal.Learning.Gating;
using Multimodal.Learning.Numerics;

namespace Multimodal.Learning.Training;

/// <summary>
/// The mixture likelihood with frozen experts (Jacobs et al. 1991): L = -ln sum_i g_i(x) p_i(y|x) over the experts that gave an
/// opinion. dL/ds_i = g_i - h_i with h_i = g_i p_i(y) / sum_j g_j p_j(y). Beside it, within each modality that has several
/// opinions, the expected loss of asking one of them, C = sum_i g_i c_i with c_i = -ln p_i(y) held at 4 and g over the modality: one of
/// them is what a request mostly pays for, and a medium that is right anyway would else hide which specialist of another was.
/// dC/ds_i = g_i (c_i - C).
/// </summary>
internal sealed class GateObjective : IObjective
{
    // ln of the least chance an expert is taken to have given the truth: one absurd opinion must not rule the gate.
    private const double LeastLog = -12;

    // Being wrong costs no more for being very sure of it: the choice is about who is right more often.
    private const double MostCost = 4;

    private readonly PreparedSet _train;
    private readonly PreparedSet _dev;
    private readonly TrainingOptions _options;
    private readonly GateNetwork _network;
    private readonly double[] _decay;
    private readonly double[] _input;
    private readonly bool[] _given;
    private readonly double[] _units;
    private readonly double[] _logits;
    private readonly double[] _evidence;
    private readonly double[] _prior;
    private readonly double[] _joint;
    private readonly double[] _error;
    private readonly bool[] _group;

    public GateObjective(PreparedSet train, PreparedSet dev, GateNetwork network, TrainingOptions options)
    {
        (_train, _dev, _network, _options) = (train, dev, network, options);
        _input = new double[network.Features];
        _units = new double[network.Hidden];
        _given = new bool[network.Experts];
        _logits = new double[network.Experts];
        _evidence = new double[network.Experts];
        _prior = new double[network.Experts];
        _joint = new double[network.Experts];
        _error = new double[network.Experts];
        _group = new bool[network.Experts];
        _decay = new double[network.ParameterCount];
        Array.Fill(_decay, 1);
        Array.Clear(_decay, network.Bias, network.Experts);
        Array.Clear(_decay, network.HiddenBias, network.Hidden);
    }

    public int Count => _train.Count;

    public ReadOnlySpan<double> Decay => _decay;

    public double AddExample(int example, ReadOnlySpan<double> parameters, Random random, Span<double> gradient)
    {
        _train.Draw(example, _options, random, _input, _given);
        return Loss(_train, example, parameters, gradient);
    }

    public double DevLoss(ReadOnlySpan<double> parameters)
    {
        double sum = 0;
        for (int n = 0; n < _dev.Count; n++)
        {
            _dev.Input(n).CopyTo(_input);
            _dev.Given(n).CopyTo(_given);
            sum += Loss(_dev, n, parameters, []);
        }

        return sum / Math.Max(1, _dev.Count);
    }

    private double Loss(PreparedSet set, int example, ReadOnlySpan<double> parameters, Span<double> gradient)
    {
        if (!_given.AsSpan().Contains(true))
        {
            return 0;
        }

        _network.Forward(parameters, _input, _units, _logits);
        for (int e = 0; e < _logits.Length; e++)
        {
            _evidence[e] = _given[e] ? Math.Max(set.Opinion(example, e)[set.Label(example)], LeastLog) : 0;
        }

        _error.AsSpan().Clear();
        double loss = AddMixture();
        for (int block = 0; block < set.Blocks.Length && _options.WithinModality > 0; block++)
        {
            int siblings = 0;
            for (int e = 0; e < _group.Length; e++)
            {
                _group[e] = _given[e] && set.ExpertBlocks[e] == block;
                siblings += _group[e] ? 1 : 0;
            }

            loss += siblings > 1 ? AddChoice(_group, _options.WithinModality) : 0;
        }

        if (!gradient.IsEmpty)
        {
            _network.Backward(parameters, _input, _units, _error, gradient);
        }

        return loss;
    }

    // -ln sum_i g_i p_i over everybody who answered; its gradient is added to _error.
    private double AddMixture()
    {
        for (int e = 0; e < _given.Length; e++)
        {
            _prior[e] = _given[e] ? _logits[e] : double.NegativeInfinity;
            _joint[e] = _given[e] ? _logits[e] + _evidence[e] : double.NegativeInfinity;
        }

        double loss = LogSpace.LogSumExp(_prior) - LogSpace.LogSumExp(_joint);
        LogSpace.Softmax(_prior, _prior);
        LogSpace.Softmax(_joint, _joint);
        for (int e = 0; e < _given.Length; e++)
        {
            _error[e] += _prior[e] - _joint[e];
        }

        return loss;
    }

    // sum_i g_i c_i over some of the experts; its gradient is added to _error.
    private double AddChoice(ReadOnlySpan<bool> among, double weight)
    {
        for (int e = 0; e < among.Length; e++)
        {
            _prior[e] = among[e] ? _logits[e] : double.NegativeInfinity;
        }

        LogSpace.Softmax(_prior, _prior);
        double expected = 0;
        for (int e = 0; e < among.Length; e++)
        {
            expected += _prior[e] * Cost(e);
        }

        for (int e = 0; e < among.Length; e++)
        {
            _error[e] += weight * _prior[e] * (Cost(e) - expected);
        }

        return weight * expected;
    }

    private double Cost(int expert) => Math.Min(-_evidence[expert], MostCost);
}
