using Multimodal.Bench.PathBench;
using Multimodal.Inference.Media;
using Multimodal.Inference.Packages;
using Multimodal.Testing;

namespace Multimodal.Bench.Tests.PathBench;

public sealed class NoOpEnsembleTests
{
    [Theory]
    [InlineData(10)]
    [InlineData(1000)]
    public void Model_IsTheCastOfTheTestsWriter(int width) => Assert.Equal(
        new OnnxGraph()
            .Input("ids", OnnxGraph.Int64, null, width)
            .Output("logits", OnnxGraph.Float, null, width)
            .Node("Cast", ["ids"], "logits", "to", OnnxGraph.Float)
            .ToModel(),
        NoOpModel.Bytes(width));

    [Fact]
    public void Write_GivesAnEnsembleThatReads()
    {
        using var folder = new ScratchFolder();

        NoOpEnsemble.Write(folder.Path, count: 3);

        Assert.Equal(3, EnsemblePackageReader.Read(folder.At(NoOpEnsemble.Name), new MediaOptions()).OrThrow().Experts.Count);
    }

    [Fact]
    public void Write_OtherShape_GivesAnEnsembleOfThatSize()
    {
        using var folder = new ScratchFolder();

        NoOpEnsemble.Write(folder.Path, new NoOpShape("wide", 2) { Labels = 200, Learns = true });
        var package = EnsemblePackageReader.Read(folder.At("wide"), new MediaOptions()).OrThrow();

        Assert.Equal((2, 200, true), (package.Experts.Count, package.Labels.Count, package.Trust is not null));
    }
}
