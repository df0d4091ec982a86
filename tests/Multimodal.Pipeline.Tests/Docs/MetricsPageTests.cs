using Multimodal.Pipeline.Hosting;
using Multimodal.Testing;

namespace Multimodal.Pipeline.Tests.Docs;

public sealed class MetricsPageTests
{
    [Fact]
    public void Write_Instruments_IsThePageInDocs()
    {
        var page = Path.Combine(RepositoryFiles.Root, "docs", "metrics.md");
        Assert.True(File.ReadAllText(page) == MetricsPage.Write(), "docs/metrics.md is not what the instruments say; run `make docs`.");
    }

    [Fact]
    public void Write_EveryMetric_HasAMeaning() =>
        Assert.DoesNotContain(MetricsPage.Write().Split('\n'), line => line.EndsWith("|  |", StringComparison.Ordinal));
}
