using System.Globalization;
using System.Text;

namespace Multimodal.Tool.Report;

/// <summary>A matrix as inline SVG: coloured cells with their numbers.</summary>
internal static class Heat
{
    private const double Row = 26;
    private const double NameWidth = 132;
    private const double MaxCellWidth = 58;

    /// <param name="label">Text for screen readers.</param>
    /// <param name="rows">Names of the rows.</param>
    /// <param name="columns">Names of the columns; long names are slanted.</param>
    /// <param name="value">Value of a cell; NaN leaves it empty.</param>
    /// <param name="scale">Format of the numbers, and the value with the full colour; its negative has the full opposite colour.</param>
    public static string ToHtml(
        string label, IReadOnlyList<string> rows, IReadOnlyList<string> columns, Func<int, int, double> value, (string Format, double Full) scale)
    {
        var slanted = columns.Any(name => name.Length > 4);
        var top = slanted ? 14 + 5.2 * columns.Max(name => name.Length) : 24;
        var cell = Math.Min(MaxCellWidth, (490 - NameWidth) / columns.Count);
        var right = slanted ? Math.Max(8, 4.2 * columns[^1].Length - cell / 2) : 4;
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {NameWidth + cell * columns.Count + right:0} {top + Row * rows.Count + 4:0}\" role=\"img\" aria-label=\"{Plot.Escaped(label)}\" style=\"max-width:{NameWidth + cell * columns.Count + right:0}px\">");
        foreach (var (c, name) in columns.Index())
        {
            var x = NameWidth + cell * (c + 0.5);
            svg.Append(slanted
                ? string.Create(CultureInfo.InvariantCulture, $"<text class=\"tick\" transform=\"translate({x + 2:0.0} {top - 6:0.0}) rotate(-50)\">{Plot.Escaped(name)}</text>")
                : string.Create(CultureInfo.InvariantCulture, $"<text class=\"tick\" x=\"{x:0.0}\" y=\"{top - 8:0.0}\" text-anchor=\"middle\">{Plot.Escaped(name)}</text>"));
        }

        foreach (var (r, name) in rows.Index())
        {
            var y = top + Row * r;
            svg.Append(CultureInfo.InvariantCulture, $"<text class=\"tick\" x=\"{NameWidth - 8}\" y=\"{y + 17:0.0}\" text-anchor=\"end\">{Plot.Escaped(name)}</text>");
            for (var c = 0; c < columns.Count; c++)
            {
                AddCell(svg, (NameWidth + cell * c, y, cell), value(r, c), scale, $"{name}, {columns[c]}");
            }
        }

        return svg.Append("</svg>").ToString();
    }

    private static void AddCell(StringBuilder svg, (double X, double Y, double Width) cell, double value, (string Format, double Full) scale, string hint)
    {
        var (x, y, width) = cell;
        var strength = double.IsNaN(value) ? 0 : Math.Clamp(Math.Abs(value) / scale.Full, 0, 1);
        var colour = value < 0 ? "var(--cold)" : "var(--heat)";
        svg.Append(CultureInfo.InvariantCulture, $"<rect class=\"cell\" x=\"{x + 1:0.0}\" y=\"{y + 1:0.0}\" width=\"{width - 2:0.0}\" height=\"{Row - 2}\" rx=\"3\" style=\"fill:{colour};fill-opacity:{0.04 + 0.9 * strength:0.00}\"/>");
        if (!double.IsNaN(value))
        {
            var text = value.ToString(scale.Format, CultureInfo.InvariantCulture);
            svg.Append(CultureInfo.InvariantCulture, $"<text class=\"{(strength > 0.6 ? "number on" : "number")}\" x=\"{x + width / 2:0.0}\" y=\"{y + 17:0.0}\" text-anchor=\"middle\">{text}<title>{Plot.Escaped(hint)}: {text}</title></text>");
        }
    }
}
