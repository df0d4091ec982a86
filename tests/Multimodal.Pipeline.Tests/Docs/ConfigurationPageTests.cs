using Multimodal.Pipeline.Hosting;
using Multimodal.Testing;

namespace Multimodal.Pipeline.Tests.Docs;

public sealed class ConfigurationPageTests
{
    [Fact]
    public void Write_OptionsClasses_IsThePageInDocs()
    {
        var page = Path.Combine(RepositoryFiles.Root, "docs", "configuration.md");
        Assert.True(File.ReadAllText(page) == ConfigurationPage.Write(), "docs/configuration.md is not what the options classes say; run `make docs`.");
    }

    [Fact]
    public void Write_EverySetting_HasAMeaning() =>
        Assert.DoesNotContain(ConfigurationPage.Write().Split('\n'), line => line.EndsWith("|  |", StringComparison.Ordinal));
}
