using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Multimodal.Tool.Commands;

/// <summary>Writes docs/decisions/README.md, the index of the decisions, from the first line of each page.</summary>
internal static partial class DecisionsPage
{
    /// <summary>The page, in Markdown.</summary>
    /// <param name="folder">Folder of the decisions.</param>
    /// <exception cref="InvalidDataException">A page does not begin with <c># NNNN: title</c>, or its number is not the one of its file name.</exception>
    public static string Write(string folder)
    {
        var page = new StringBuilder("""
            # Decisions

            Why it is the way it is, one page per decision: context, decision, consequence. Made by `make docs` from the pages' first lines.


            """);
        foreach (var file in Directory.GetFiles(folder, "*.md").Where(file => Path.GetFileName(file) != "README.md").Order(StringComparer.Ordinal))
        {
            var (name, first) = (Path.GetFileName(file), File.ReadLines(file).First());
            if (Title().Match(first) is not { Success: true } title || !name.StartsWith(title.Groups["number"].Value + "-", StringComparison.Ordinal))
            {
                throw new InvalidDataException($"{file} begins with '{first}'; it must begin with '# {name[..4]}: title'.");
            }

            page.AppendLine(CultureInfo.InvariantCulture, $"- [{title.Groups["number"].Value}]({name}): {title.Groups["text"].Value}");
        }

        return page.ToString();
    }

    [GeneratedRegex(@"^# (?<number>\d{4}):? (?<text>.+)$")]
    private static partial Regex Title();
}
