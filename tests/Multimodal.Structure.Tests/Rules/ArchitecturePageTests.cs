using System.Text.RegularExpressions;
using Multimodal.Structure.Checkouts;

namespace Multimodal.Structure.Tests.Rules;

/// <summary>docs/architecture.md is correct and short.</summary>
public sealed partial class ArchitecturePageTests
{
    private static readonly string Root = Checkout.Find(AppContext.BaseDirectory).Root;
    private static readonly string Page = File.ReadAllText(Path.Combine(Root, "docs", "architecture.md"));

    /// <summary>A newcomer follows the steps from the first to the last, one file each.</summary>
    [Fact]
    public void Steps_EachNamesOneFile_ThatExists()
    {
        var rows = Rows(Page, "<!-- steps -->", "<!-- /steps -->");

        Assert.NotEmpty(rows);
        Assert.All(rows.Index(), row => Assert.StartsWith($"{row.Index + 1}. ", row.Item[0], StringComparison.Ordinal));
        Assert.All(rows, row =>
        {
            var file = Assert.Single(Links().Matches(row[1])).Groups["path"].Value;
            Assert.True(File.Exists(Path.Combine(Root, "docs", file)), $"{file} does not exist");
        });
        Assert.Equal(rows.Count, rows.Select(row => row[1]).Distinct().Count());
    }

    [Fact]
    public void Glossary_HasAtMost25Terms() =>
        Assert.InRange(Rows(Page, "## Glossary", "## A request").Count, 10, 25);

    /// <summary>The cells of the table between two marks, without its header.</summary>
    private static List<string[]> Rows(string page, string from, string to)
    {
        var start = page.IndexOf(from, StringComparison.Ordinal);
        var end = page.IndexOf(to, start, StringComparison.Ordinal);
        return
        [
            .. page[start..end].Split('\n').Where(line => line.StartsWith('|')).Skip(2)
                .Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries)),
        ];
    }

    [GeneratedRegex(@"\[[^\]]+\]\((?<path>[^)]+)\)")]
    private static partial Regex Links();
}
