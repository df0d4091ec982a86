using System.Numerics.Tensors;
using Multimodal.Learning.Data;
using Multimodal.Learning.Gating;
using Multimodal.Learning.Numerics;

namespace Multimodal.Learning.Training;

/// <summary>The loss of a kind of gate over recorded examples. The experts are fixed.</summary>
internal sealed class GateObjective : IObjective
{
    // ln of the minimum likelihood of the true label. It limits the effect of a single extreme opinion.
    private const double MinLog = -12;

    private readonly PreparedSet _train;
    private readonly PreparedSet _dev;
    private readonly TrainingOptions _options;
    private readonly IGateKind _kind;
    private readonly IGateNetwork _network;
    private readonly double[] _decay;
    private readonly double[] _inputs;
    private readonly double[] _units;
    private readonly double[] _roundParameters;
    private readonly double[] _product;
    private readonly GateBatch _batch;

    public GateObjective(
        PreparedSet train, PreparedSet dev, IGateKind kind, IGateNetwork network, IReadOnlyList<RecordedExpert> experts,
        TrainingOptions options)
    {
        (_train, _dev, _kind, _network, _options) = (train, dev, kind, network, options);
        _inputs = new double[options.BatchSize * network.Features];
        _units = new double[options.BatchSize * network.Hidden];
        _product = new double[train.Labels];
        _roundParameters = new double[network.ParameterCount];
        string[] names = [.. experts.Select(e => e.Modality).Distinct().Order(StringComparer.Ordinal)];
        int[] modalities = [.. experts.Select(e => Array.IndexOf(names, e.Modality))];
        _batch = new GateBatch(experts.Count, network.Outputs, train.Labels, modalities, options.BatchSize);
        _decay = network.DecayMask();
    }

    public int Count => _train.Count;

    public ReadOnlySpan<double> DecayMask => _decay;

    /// <summary>Begins a round of expectation and maximisation: the posteriors are those of the given parameters.</summary>
    public void BeginRound(ReadOnlySpan<double> parameters) => parameters.CopyTo(_roundParameters);

    public double AddExample(int example, ReadOnlySpan<double> parameters, Random random, Span<double> gradient) =>
        AddBatch([example], parameters, random, gradient);

    public double AddBatch(ReadOnlySpan<int> examples, ReadOnlySpan<double> parameters, Random random, Span<double> gradient)
    {
        _batch.Count = examples.Length;
        _batch.Training = true;
        for (var n = 0; n < examples.Length; n++)
        {
            _train.Draw(examples[n], _options, random, Input(n), _batch.HasOpinion(n));
            var noise = _batch.Noise(n);
            for (var e = 0; e < noise.Length && _kind.IsNoisy; e++)
            {
                noise[e] = Normal.Draw(random);
            }

            Load(_train, examples[n], n);
            if (_kind.EmRounds > 1)
            {
                _network.Forward(_roundParameters, Input(n), Units(n), _batch.PreviousOutput(n));
            }

            _network.Forward(parameters, Input(n), Units(n), _batch.Output(n));
        }

        _batch.ClearGradient();
        var loss = _kind.Loss(_batch, _options);
        for (var n = 0; n < examples.Length; n++)
        {
            _network.Backward(parameters, Input(n), Units(n), _batch.Gradient(n), gradient);
        }

        return loss;
    }

    public double DevLoss(ReadOnlySpan<double> parameters)
    {
        double sum = 0;
        _batch.Training = false;
        for (var start = 0; start < _dev.Count; start += _options.BatchSize)
        {
            _batch.Count = Math.Min(_options.BatchSize, _dev.Count - start);
            for (var n = 0; n < _batch.Count; n++)
            {
                _dev.Input(start + n).CopyTo(Input(n));
                _dev.HasOpinion(start + n).CopyTo(_batch.HasOpinion(n));
                _batch.Noise(n).Clear();
                Load(_dev, start + n, n);
                _network.Forward(parameters, Input(n), Units(n), _batch.Output(n));
            }

            _batch.ClearGradient();
            sum += _kind.Loss(_batch, _options);
        }

        return sum / Math.Max(1, _dev.Count);
    }

    // Writes the label and the log likelihoods of an example into the batch, at index n.
    private void Load(PreparedSet set, int example, int n)
    {
        _batch.TrueLabels[n] = set.Label(example);
        var logLikelihoods = _batch.LogLikelihood(n);
        for (var e = 0; e < logLikelihoods.Length; e++)
        {
            logLikelihoods[e] = _batch.HasOpinion(n)[e] ? Math.Max(set.Opinion(example, e)[set.Label(example)], MinLog) : 0;
        }

        if (_kind.UsesPairs)
        {
            LoadPairs(set, example, _batch.PairLogLikelihood(n));
        }
    }

    private void LoadPairs(PreparedSet set, int example, Span<double> logLikelihoods)
    {
        for (var pair = 0; pair < logLikelihoods.Length; pair++)
        {
            var (i, j) = (pair / set.Experts, pair % set.Experts);
            if (i < j && set.HasOpinion(example)[i] && set.HasOpinion(example)[j])
            {
                TensorPrimitives.Add(set.Opinion(example, i), set.Opinion(example, j), _product);
                logLikelihoods[pair] = Math.Max(_product[set.Label(example)] - LogSpace.LogSumExp(_product), MinLog);
            }
        }
    }

    private Span<double> Input(int n) => _inputs.AsSpan(n * _network.Features, _network.Features);

    private Span<double> Units(int n) => _units.AsSpan(n * _network.Hidden, _network.Hidden);
}
