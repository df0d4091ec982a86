using Multimodal.Bench.GpuCheck;
using Multimodal.Inference.Preprocessing;
using Multimodal.Inference.Sessions;
using Multimodal.Testing;

namespace Multimodal.Bench.Tests.GpuCheck;

/// <summary>The comparison of <c>check-gpu</c>, on two CPU sessions.</summary>
public sealed class SessionComparisonTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    private OnnxSession Open(string name, byte[] model)
    {
        File.WriteAllBytes(_scratch.At(name), model);
        using var options = SessionOptionsFactory.Cpu(new ExecutionOptions());
        return new OnnxSession(_scratch.At(name), options, new ModelTensors("x", new TensorRow(TensorElement.Float32, [4]), "y", 4), new SessionPlan(16));
    }

    [Fact]
    public void Compare_SameModel_DiffersByNothing()
    {
        using var one = Open("one.onnx", TinyModels.Linear(4, 4, seed: 1));
        using var two = Open("two.onnx", TinyModels.Linear(4, 4, seed: 1));

        var difference = SessionComparison.Compare(one, two, rows: 64, batch: 16, seed: 1);

        Assert.Equal((64, 0, 0.0), (difference.Rows, difference.ChangedLabels, difference.Largest));
        Assert.True(difference.Scale > 0);
    }

    [Fact]
    public void Compare_OtherWeights_CountsLabelsAndMeasures()
    {
        using var one = Open("one.onnx", TinyModels.Linear(4, 4, seed: 1));
        using var two = Open("two.onnx", TinyModels.Linear(4, 4, seed: 2));

        var difference = SessionComparison.Compare(one, two, rows: 64, batch: 16, seed: 1);

        Assert.InRange(difference.ChangedLabels, 1, 64);
        Assert.True(difference.Relative > 0.1);
    }

    [Fact]
    public void Compare_NotANumberOnOneSide_IsInfinitelyDifferent()
    {
        using var one = Open("one.onnx", TinyModels.Identity(4));
        using var two = Open("two.onnx", TinyModels.Logarithm(4));

        Assert.Equal(double.PositiveInfinity, SessionComparison.Compare(one, two, rows: 16, batch: 16, seed: 1).Largest);
    }
}
