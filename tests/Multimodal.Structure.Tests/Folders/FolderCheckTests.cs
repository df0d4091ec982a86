using Multimodal.Structure.Folders;
using Multimodal.Structure.Sources;

namespace Multimodal.Structure.Tests.Folders;

public sealed class FolderCheckTests
{
    private static readonly (string, string)[] TwoFolders = [("A/A.cs", "class A\n{\n    B b;\n}"), ("B/B.cs", "class B { }")];

    [Fact]
    public void Violations_TableAsTheSources_AreNone() =>
        Assert.Empty(Check(["| Sample | `A` | uses | `B` |", "| Sample | `B` | used | nothing |"], TwoFolders));

    [Fact]
    public void Violations_UseThatNoRowAllows_NamesFileAndEdge()
    {
        var violation = Assert.Single(Check(["| Sample | `A` | uses | nothing |", "| Sample | `B` | used | nothing |"], TwoFolders));

        Assert.Equal((Rule.FolderEdge, "shared/Sample/A/A.cs:3: A must not use B (B)"), (violation.Rule, violation.ToString()));
    }

    [Fact]
    public void Violations_UseThatNoRowAllows_AreOneForEachFile()
    {
        var violations = Check(
            ["| Sample | `A` | uses | nothing |", "| Sample | `B` | used | nothing |"], [.. TwoFolders, ("A/Other.cs", "class Other { B b; }")]);

        Assert.Equal(["shared/Sample/A/A.cs", "shared/Sample/A/Other.cs"], violations.Select(violation => violation.Place.File));
    }

    [Fact]
    public void Violations_AllowedUseThatDoesNotHappen_IsOne() => Assert.Equal(
        "docs/architecture.md:6: B may use A but does not",
        Assert.Single(Check(["| Sample | `A` | uses | `B` |", "| Sample | `B` | used | `A` |"], TwoFolders)).ToString());

    [Fact]
    public void Violations_FolderWithoutRow_IsOne() => Assert.Equal(
        "docs/architecture.md:2: folder B of Sample has no row",
        Assert.Single(Check(["| Sample | `A` | uses | `B` |"], TwoFolders)).ToString());

    [Fact]
    public void Violations_LibraryWithoutRows_HasAll() =>
        Assert.Equal(2, Check([], TwoFolders).Count(violation => violation.Text.EndsWith("has no row", StringComparison.Ordinal)));

    [Fact]
    public void Violations_RowWithoutFolder_IsOne()
    {
        var rows = new[] { "| Sample | `A` | uses | `B` |", "| Sample | `B` | used | nothing |", "| Sample | `C` | gone | nothing |" };

        Assert.Equal("docs/architecture.md:7: Sample has no folder C", Assert.Single(Check(rows, TwoFolders)).ToString());
    }

    [Fact]
    public void Violations_SecondRowOfAFolder_IsOne()
    {
        var rows = new[] { "| Sample | `A` | uses | `B` |", "| Sample | `B` | used | nothing |", "| Sample | `B` | again | nothing |" };

        Assert.Equal("docs/architecture.md:7: folder B has a second row", Assert.Single(Check(rows, TwoFolders)).ToString());
    }

    [Fact]
    public void Violations_RowWithoutText_IsOne() => Assert.Equal(
        "docs/architecture.md:6: the row of B does not say what the folder holds",
        Assert.Single(Check(["| Sample | `A` | uses | `B` |", "| Sample | `B` |  | nothing |"], TwoFolders)).ToString());

    [Fact]
    public void Violations_CompositionFolder_MayUseEveryOther() =>
        Assert.Empty(Check(["| Sample | `A` | composes | all |", "| Sample | `B` | used | nothing |"], TwoFolders));

    [Fact]
    public void Violations_UseOfACompositionFolder_IsOneEvenIfItsRowAllowsIt()
    {
        var violation = Assert.Single(Check(["| Sample | `A` | uses | `B` |", "| Sample | `B` | composes | all |"], TwoFolders));

        Assert.Equal("shared/Sample/A/A.cs:3: A must not use B (B)", violation.ToString());
    }

    [Fact]
    public void Violations_Cycle_NamesFoldersAndFiles()
    {
        var violation = Assert.Single(Check(
            ["| Sample | `A` | one | `B` |", "| Sample | `B` | two | `A` |"], ("A/A.cs", "class A { B b; }"), ("B/B.cs", "class B { A a; }")));

        Assert.Equal(Rule.FolderCycle, violation.Rule);
        Assert.StartsWith("folders in a cycle: A, B", violation.Text, StringComparison.Ordinal);
        Assert.Contains("A -> B: shared/Sample/A/A.cs:1 (B)", violation.Text, StringComparison.Ordinal);
        Assert.Contains("B -> A: shared/Sample/B/B.cs:1 (A)", violation.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Violations_LibraryWithOneFolder_NeedsNoRow() => Assert.Empty(Check([], ("A/A.cs", "class A { }")));

    [Fact]
    public void Violations_ToolWithoutRows_ReportsCyclesOnly()
    {
        var tool = Sample.Project("tools/sample", ("A/A.cs", "class A { B b; }"), ("B/B.cs", "class B { A a; }"));

        var violations = new FolderCheck(tool, FolderGraph.Of(tool), FolderTable.Parse(Page.With())).Violations();

        Assert.Equal(Rule.FolderCycle, Assert.Single(violations).Rule);
    }

    private static Violation[] Check(string[] rows, params (string, string)[] files)
    {
        var project = Sample.Library(files);
        return [.. new FolderCheck(project, FolderGraph.Of(project), FolderTable.Parse(Page.With(rows))).Violations()];
    }
}
