using Multimodal.Bench.Docs;
using Multimodal.Testing;

namespace Multimodal.Bench.Tests.Docs;

public sealed class DecisionsPageTests
{
    private const string Page = """
        # 0001: Something

        Status: accepted

        Topic: Media

        ## Decision

        We do it.

        More about it.
        """;

    [Fact]
    public void Write_Decisions_IsTheIndexInDocs()
    {
        var folder = RepositoryFiles.At("docs", "decisions");
        var index = File.ReadAllText(Path.Combine(folder, "README.md"));

        Assert.True(index == DecisionsPage.Write(folder), "docs/decisions/README.md differs from what the pages say; run `make docs`.");
    }

    [Fact]
    public void Write_Pages_AreRowsUnderTheirTopics()
    {
        using var scratch = new ScratchFolder();
        File.WriteAllText(scratch.At("0001-something.md"), With("accepted", "accepted, amended by [0002](0002-other.md)"));
        var other = With("0001: Something", "0002: Other | thing").Replace("Media", "Clients", StringComparison.Ordinal);
        File.WriteAllText(scratch.At("0002-other.md"), other);

        var lines = DecisionsPage.Write(scratch.Path).Split('\n');

        string[] expected =
        [
            "## Clients",
            @"| [0002](0002-other.md) | Other \| thing | We do it. | accepted |",
            "## Media",
            "| [0001](0001-something.md) | Something | We do it. | accepted, amended by [0002](0002-other.md) |",
        ];
        Assert.Equal(expected, lines.Where(expected.Contains));
    }

    [Theory]
    [InlineData("# 0001: Something", "# 0002: Something")]
    [InlineData("# 0001: Something", "# Something")]
    [InlineData("Status: accepted\n\n", "")]
    [InlineData("Status: accepted", "Status: maybe")]
    [InlineData("Status: accepted", "Status: superseded")]
    [InlineData("Status: accepted", "Status: superseded by [0003](0003-missing.md)")]
    [InlineData("Status: accepted", "Status: superseded by [0002](0001-something.md)")]
    [InlineData("Topic: Media\n\n", "")]
    [InlineData("Topic: Media", "Topic: Unheard of")]
    [InlineData("## Decision", "## Another section")]
    [InlineData("We do it.", "- We do it.")]
    [InlineData("We do it.", "We do it,\nand more.")]
    [InlineData("We do it.\n\nMore about it.", "")]
    public void Write_PageWithMistake_IsRefused(string part, string mistake)
    {
        using var scratch = new ScratchFolder();
        File.WriteAllText(scratch.At("0001-something.md"), With(part, mistake));

        Assert.Throws<InvalidDataException>(() => DecisionsPage.Write(scratch.Path));
    }

    private static string With(string part, string replacement)
    {
        Assert.Contains(part, Page, StringComparison.Ordinal);
        return Page.Replace(part, replacement, StringComparison.Ordinal);
    }
}
