using Multimodal.Structure.Folders;
using Multimodal.Structure.Sources;

namespace Multimodal.Structure.Tests.Folders;

public sealed class FolderTableTests
{
    private static readonly SourceProject TwoFolders = Sample.Library(("A/A.cs", "class A { B b; }"), ("B/B.cs", "class B { }"));

    [Fact]
    public void Rewrite_TableAsTheSources_ChangesNothing()
    {
        var page = Page.With("| Sample | `A` | uses `B`, often | `B` |", "| Sample | `B` | used | nothing |");

        Assert.Equal(page, Rewrite(page, TwoFolders));
    }

    [Fact]
    public void Rewrite_OtherSources_KeepsTextsAndUpdatesTheRest()
    {
        var page = Page.With("| Sample | `A` | uses | nothing |", "| Sample | `Gone` | was here | `A` |");

        Assert.Equal(Page.With("| Sample | `A` | uses | `B` |", "| Sample | `B` |  | nothing |"), Rewrite(page, TwoFolders));
    }

    [Fact]
    public void Rewrite_CompositionFolder_StaysAndIsNotAllowedToOthers()
    {
        var page = Page.With("| Sample | `A` | uses | nothing |", "| Sample | `B` | composes | all |");

        Assert.Equal(page, Rewrite(page, TwoFolders));
    }

    [Fact]
    public void Rewrite_ToolWithoutRows_StaysOut()
    {
        var tool = Sample.Project("tools/sample", ("A/A.cs", "class A { B b; }"), ("B/B.cs", "class B { }"));

        Assert.Equal(Page.With(), Rewrite(Page.With(), tool));
    }

    [Theory]
    [InlineData("# Architecture\n")]
    [InlineData("<!-- folders -->\n")]
    [InlineData("<!-- /folders -->\n<!-- folders -->\n")]
    public void Parse_NoTable_Throws(string page) => Assert.Throws<InvalidDataException>(() => FolderTable.Parse(page));

    [Fact]
    public void Parse_RowWithThreeCells_NamesTheLine()
    {
        var exception = Assert.Throws<InvalidDataException>(() => FolderTable.Parse(Page.With("| Sample | `A` | uses |")));

        Assert.StartsWith("docs/architecture.md:5:", exception.Message, StringComparison.Ordinal);
    }

    private static string Rewrite(string page, SourceProject project) =>
        FolderTable.Parse(page).Rewrite([(project, FolderGraph.Of(project))]).ToString();
}
