using System.Text.RegularExpressions;

namespace Multimodal.Bench.Docs;

/// <summary>The index entry of a page in docs/decisions.</summary>
/// <param name="FileName">File name of the page.</param>
/// <param name="Number">Four digits that start the file name.</param>
/// <param name="Title">The page's heading without the number.</param>
/// <param name="Status">Accepted, or superseded or amended, with links to other decisions.</param>
/// <param name="Topic">Section of the index that lists the page.</param>
/// <param name="Summary">What was decided: the first paragraph of the section Decision, one sentence on one line.</param>
internal sealed partial record Decision(string FileName, string Number, string Title, string Status, string Topic, string Summary)
{
    private const string StatusForms =
        "'Status: accepted', 'Status: accepted, amended by [NNNN](file)' or 'Status: superseded by [NNNN](file)'";

    private const string Others = @"((, | and )?\[(?<number>\d{4})\]\((?<file>[^)]+)\))+";

    /// <summary>Reads a page.</summary>
    /// <param name="path">Path of the page.</param>
    /// <exception cref="InvalidDataException">A required line is missing, or the status links to a page that does not exist.</exception>
    public static Decision Read(string path)
    {
        var page = new Page(path, File.ReadAllLines(path));
        var title = page.Match(0, TitleLine(), "'# NNNN: title'");
        var status = page.Match(2, StatusLine(), StatusForms);
        var topic = page.Match(4, TopicLine(), "'Topic: name'");
        var section = Array.IndexOf(page.Lines, "## Decision");
        if (section < 0)
        {
            throw new InvalidDataException($"{path} has no section '## Decision'.");
        }

        var summary = page.Match(section + 2, SummaryLine(), "one sentence that states the decision");
        page.Match(section + 3, EmptyLine(), "empty, because the index shows the one line above it");
        var (number, fileName) = (title.Groups["number"].Value, Path.GetFileName(path));
        page.CheckNumber(number, fileName);
        foreach (var (other, file) in status.Groups["number"].Captures.Zip(status.Groups["file"].Captures))
        {
            page.CheckNumber(other.Value, file.Value);
        }

        return new Decision(
            fileName, number, title.Groups["text"].Value, status.Groups["text"].Value, topic.Groups["text"].Value, summary.Value);
    }

    [GeneratedRegex(@"^# (?<number>\d{4}): (?<text>.+)$")]
    private static partial Regex TitleLine();

    [GeneratedRegex("^Status: (?<text>accepted|(accepted, amended|superseded) by " + Others + ")$", RegexOptions.ExplicitCapture)]
    private static partial Regex StatusLine();

    [GeneratedRegex("^Topic: (?<text>.+)$")]
    private static partial Regex TopicLine();

    [GeneratedRegex(@"^[^-#|\s].*\.$")]
    private static partial Regex SummaryLine();

    [GeneratedRegex("^$")]
    private static partial Regex EmptyLine();

    private sealed record Page(string Path, string[] Lines)
    {
        public Match Match(int index, Regex pattern, string expected)
        {
            var line = Lines.ElementAtOrDefault(index) ?? "";
            return pattern.Match(line) is { Success: true } match
                ? match
                : throw new InvalidDataException($"Line {index + 1} of {Path} is '{line}'; it must be {expected}.");
        }

        public void CheckNumber(string number, string file)
        {
            var sibling = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(Path)!, file);
            if (!file.StartsWith(number + "-", StringComparison.Ordinal) || !File.Exists(sibling))
            {
                throw new InvalidDataException(
                    $"{Path} names {file} for decision {number}; that file must exist and start with {number}-.");
            }
        }
    }
}
