using BenchmarkDotNet.Attributes;
using Multimodal.Learning.Data;
using Multimodal.Learning.Gating;
using Multimodal.Learning.Selection;

namespace Multimodal.Benchmarks;

/// <summary>The selection of experts for one request: 110 features, six experts. Budget: 100 microseconds, no allocation.</summary>
[MemoryDiagnoser]
public class GateBenchmarks
{
    private const int FeatureCount = 110;
    private const int ExpertCount = 6;

    private readonly float[] _features = new float[FeatureCount];
    private readonly int[] _modalities = [0, 0, 1, 1, 2, 2];
    private readonly bool[] _available = new bool[ExpertCount];
    private readonly ExpertSelection _selection = new(ExpertCount);
    private ExpertSelector? _selector;

    /// <summary>0 for the linear gate.</summary>
    [Params(0, 16)]
    public int HiddenUnits { get; set; }

    /// <summary>Creates a gate with random weights.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        double[] Row(int length) => [.. Enumerable.Range(0, length).Select(_ => random.NextDouble() - 0.5)];
        double[][] Matrix(int rows, int length) => [.. Enumerable.Range(0, rows).Select(_ => Row(length))];
        var gate = new SoftmaxGate(new GateState
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
        _selector = new ExpertSelector(gate, "top-k-per-modality", _modalities);
        Array.Fill(_available, true);
        for (var f = 0; f < FeatureCount; f++)
        {
            _features[f] = f is 0 or 36 or 73 ? 1 : (float)random.NextDouble();
        }
    }

    /// <summary>Scores and selects.</summary>
    [Benchmark]
    public double ScoreAndSelect()
    {
        _selector!.Select(_features, _available, null, null, _selection);
        return _selection.Weights[0];
    }
}
