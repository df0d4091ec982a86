using Multimodal.Testing;
using Multimodal.Tool.Commands;

namespace Multimodal.Pipeline.Tests.Docs;

public sealed class DecisionsPageTests
{
    [Fact]
    public void Write_Decisions_IsTheIndexInDocs()
    {
        var folder = RepositoryFiles.At("docs", "decisions");
        Assert.True(File.ReadAllText(Path.Combine(folder, "README.md")) == DecisionsPage.Write(folder), "docs/decisions/README.md is not what the pages say; run `make docs`.");
    }

    [Fact]
    public void Write_PageWithoutItsNumber_IsRefused()
    {
        using var scratch = new ScratchFolder();
        File.WriteAllText(scratch.At("0001-something.md"), "# 0002: Something\n");

        Assert.Throws<InvalidDataException>(() => DecisionsPage.Write(scratch.Path));
    }
}
