using System.CommandLine;
using System.Globalization;
using Multimodal.Inference.Packages;
using Spectre.Console;

namespace Multimodal.Tool.Common;

/// <summary>Console output that is the same on every machine: invariant numbers, markup escaped in interpolated values.</summary>
internal static class Terminal
{
    /// <summary>Runs a program's command line. Input errors print one line; anything else is a bug and keeps its stack trace.</summary>
    public static async Task<int> RunAsync(RootCommand root, string[] args)
    {
        // A pipe or a log has no width of its own; tables must not wrap there.
        if (Console.IsOutputRedirected)
        {
            AnsiConsole.Profile.Width = 140;
        }

        try
        {
            return await root.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (Exception exception) when (exception is InvalidDataException or InvalidPackageException or FormatException or IOException)
        {
            Line($"[red]{exception.Message}[/]");
            return 1;
        }
    }

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
