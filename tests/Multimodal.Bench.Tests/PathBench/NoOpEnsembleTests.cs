using Multimodal.Bench.PathBench;
using Multimodal.Inference.Media;
using Multimodal.Inference.Packages;
using Multimodal.Testing;

namespace Multimodal.Bench.Tests.PathBench;

public sealed class NoOpEnsembleTests
{
    [Fact]
    public void Model_IsTheCastOfTheTestsWriter() => Assert.Equal(
        new OnnxGraph()
            .Input("ids", OnnxGraph.Int64, null, 10)
            .Output("logits", OnnxGraph.Float, null, 10)
            .Node("Cast", ["ids"], "logits", "to", OnnxGraph.Float)
            .ToModel(),
        NoOpEnsemble.Model());

    [Fact]
    public void Write_GivesAnEnsembleThatReads()
    {
        using var folder = new ScratchFolder();

        NoOpEnsemble.Write(folder.Path, count: 3);

        Assert.Equal(3, EnsemblePackageReader.Read(folder.At(NoOpEnsemble.Name), new MediaOptions()).OrThrow().Experts.Count);
    }
}
