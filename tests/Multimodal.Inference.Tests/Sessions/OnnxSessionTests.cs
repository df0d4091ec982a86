using System.Runtime.InteropServices;
using Multimodal.Inference.Preprocessing;
using Multimodal.Inference.Sessions;
using Multimodal.Testing;

namespace Multimodal.Inference.Tests.Sessions;

public sealed class OnnxSessionTests : IDisposable
{
    private const int Inputs = 8;
    private const int MaxBatch = 12;
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    private OnnxSession Open(SessionPlan plan)
    {
        var path = _scratch.At("model.onnx");
        File.WriteAllBytes(path, TinyModels.Linear(Inputs, 3, seed: 5));
        using var options = SessionOptionsFactory.Cpu(new ExecutionOptions());
        return new OnnxSession(path, options, new ModelTensors("x", new TensorRow(TensorElement.Float32, [Inputs]), "y", 3), plan);
    }

    private static float[] Run(OnnxSession session, int rows, int seed)
    {
        var random = new Random(seed);
        var outputs = new float[rows * session.Labels];
        session.Run(
            rows,
            (_, row) =>
            {
                foreach (ref var value in MemoryMarshal.Cast<byte, float>(row))
                {
                    value = random.NextSingle();
                }
            },
            (index, output) => output.CopyTo(outputs.AsSpan(index * session.Labels)),
            CancellationToken.None);
        return outputs;
    }

    /// <summary>Bound memory is for GPUs, and works on the CPU too. Each run must see its own input.</summary>
    [Fact]
    public void Run_BoundMemory_GivesTheSameOutputsInEveryRun()
    {
        using var plain = Open(new SessionPlan(MaxBatch));
        using var bound = Open(new SessionPlan(MaxBatch, BindsMemory: true));

        foreach (var (rows, seed) in new[] { (3, 1), (12, 2), (3, 3), (1, 4), (3, 5) })
        {
            Assert.Equal(Run(plain, rows, seed), Run(bound, rows, seed));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Run_SeveralSessionsFromManyThreads_EachRunGetsItsOwnOutputs(bool bindsMemory)
    {
        using var reference = Open(new SessionPlan(MaxBatch));
        using var session = Open(new SessionPlan(MaxBatch, Sessions: 3, BindsMemory: bindsMemory));
        session.WarmUp(MaxBatch);
        var expected = Enumerable.Range(0, 200).Select(seed => Run(reference, 1 + (seed % MaxBatch), seed)).ToArray();

        var outputs = new float[expected.Length][];
        Parallel.For(0, expected.Length, seed => outputs[seed] = Run(session, 1 + (seed % MaxBatch), seed));

        Assert.Equal(expected, outputs);
    }
}
