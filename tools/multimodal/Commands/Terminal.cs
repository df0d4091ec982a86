using System.Globalization;
using Spectre.Console;

namespace Multimodal.Tool.Commands;

/// <summary>What the tool prints reads the same on every machine: invariant numbers, markup escaped in what is interpolated.</summary>
internal static class Terminal
{
    public static void Line(FormattableString markup) => AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, markup);

    /// <summary>Columns of figures.</summary>
    public static TableColumn[] Figures(params ReadOnlySpan<string> names)
    {
        var columns = new TableColumn[names.Length];
        for (var c = 0; c < names.Length; c++)
        {
            columns[c] = new TableColumn(Markup.Escape(names[c])).RightAligned();
        }

        return columns;
    }
}
