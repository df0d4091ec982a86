using BenchmarkDotNet.Attributes;
using Multimodal.Learning.Data;
using Multimodal.Learning.Gating;
using Multimodal.Learning.Selection;

namespace Multimodal.Benchmarks;

/// <summary>The gate's whole decision: score 110 features for six experts, then select. Budget: 100 microseconds, no allocation.</summary>
[MemoryDiagnoser]
public class GateBenchmarks
{
    private const int FeatureCount = 110;
    private const int ExpertCount = 6;

    private readonly float[] _features = new float[FeatureCount];
    private readonly int[] _modalities = [0, 0, 1, 1, 2, 2];
    private readonly bool[] _available = new bool[ExpertCount];
    private readonly double[] _logits = new double[ExpertCount];
    private readonly double[] _weights = new double[ExpertCount];
    private readonly ISelectionStrategy _strategy = SelectionStrategies.Table["top-k-per-modality"];
    private SoftmaxGate? _gate;

    /// <summary>0 is the linear gate.</summary>
    [Params(0, 16)]
    public int HiddenUnits { get; set; }

    /// <summary>A gate with random weights.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        double[] Row(int length) => [.. Enumerable.Range(0, length).Select(_ => random.NextDouble() - 0.5)];
        double[][] Matrix(int rows, int length) => [.. Enumerable.Range(0, rows).Select(_ => Row(length))];
        _gate = new SoftmaxGate(new GateState
        {
            Version = "1",
            Experts = [.. Enumerable.Range(0, ExpertCount).Select(e => $"expert-{e}")],
            Scaling = new FeatureScaling
            {
                Features = [.. Enumerable.Range(0, FeatureCount).Select(f => $"feature-{f}")],
                Blocks = [new("text", 0, 36), new("image", 36, 37), new("audio", 73, 37)],
                Mean = new double[FeatureCount],
                Scale = [.. Enumerable.Repeat(1.0, FeatureCount)],
            },
            Weights = Matrix(ExpertCount, FeatureCount),
            Bias = Row(ExpertCount),
            Hidden = HiddenUnits == 0 ? null : new GateHiddenLayer(Matrix(HiddenUnits, FeatureCount), Row(HiddenUnits), Matrix(ExpertCount, HiddenUnits)),
        });
        Array.Fill(_available, true);
        for (var f = 0; f < FeatureCount; f++)
        {
            _features[f] = f is 0 or 36 or 73 ? 1 : (float)random.NextDouble();
        }
    }

    /// <summary>Score and select.</summary>
    [Benchmark]
    public double ScoreAndSelect()
    {
        _gate!.Score(_features, _logits);
        _strategy.Select(new Candidates(_logits, _available, _modalities), null, _weights);
        return _weights[0];
    }
}
