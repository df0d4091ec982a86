using System.Globalization;
using System.Text;

namespace Multimodal.Bench.Docs;

/// <summary>Generates docs/decisions/README.md, the index of the decisions.</summary>
internal static class DecisionsPage
{
    private const string Header = "| | decision | what was decided | status |\n|---|---|---|---|";

    /// <summary>Topics in the order of the index.</summary>
    private static readonly string[] Topics =
    [
        "Structure", "Requests", "Clients", "Broker", "Operation",
        "Media", "Running experts", "Gate and fusion", "Feedback", "Bundled models",
    ];

    /// <summary>Returns the page in Markdown.</summary>
    /// <param name="folder">The decisions folder.</param>
    /// <exception cref="InvalidDataException">A page has no title, status, topic or summary, or an unknown topic.</exception>
    public static string Write(string folder)
    {
        var pages = Directory.GetFiles(folder, "*.md").Where(page => Path.GetFileName(page) != "README.md");
        Decision[] decisions = [.. pages.Order(StringComparer.Ordinal).Select(Decision.Read)];
        if (decisions.FirstOrDefault(decision => !Topics.Contains(decision.Topic)) is { } stray)
        {
            var topics = string.Join(", ", Topics);
            throw new InvalidDataException($"{stray.FileName} has the topic '{stray.Topic}'; it must be one of: {topics}.");
        }

        var index = new StringBuilder("""
            # Decisions

            Why the system is built as it is, one page per decision. The experiments behind them are in [../studies](../studies/README.md).

            A page starts with its title, status and topic. The first line of its section Decision states what was decided.
            `make docs` writes this index from these lines. Numbers are never reused and have gaps.

            """);
        foreach (var topic in Topics)
        {
            index.AppendLine(CultureInfo.InvariantCulture, $"\n## {topic}\n").AppendLine(Header);
            foreach (var decision in decisions.Where(decision => decision.Topic == topic))
            {
                index.AppendLine(Row(decision));
            }
        }

        return index.ToString();
    }

    private static string Row(Decision decision) =>
        $"| [{decision.Number}]({decision.FileName}) | {Cell(decision.Title)} | {Cell(decision.Summary)} | {decision.Status} |";

    private static string Cell(string text) => text.Replace("|", @"\|", StringComparison.Ordinal);
}
