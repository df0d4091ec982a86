using System.Globalization;
using Spectre.Console;

namespace Multimodal.Tool.Commands;

/// <summary>What the tool prints reads the same on every machine: invariant numbers, markup escaped in what is interpolated.</summary>
internal static class Terminal
{
    public static void Line(FormattableString markup) => AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, markup);
}
