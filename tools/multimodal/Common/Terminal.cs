using System.CommandLine;
using System.Globalization;
using Multimodal.Inference.Packages;
using Spectre.Console;

namespace Multimodal.Tool.Common;

/// <summary>Console output that is equal on every machine: invariant numbers, and markup escaped in interpolated values.</summary>
internal static class Terminal
{
    /// <summary>Time after Ctrl-C in which a command stops its processes and prints its report.</summary>
    private static readonly TimeSpan StopTimeout = TimeSpan.FromMinutes(1);

    /// <summary>Runs a command line. Input errors print one line; other exceptions are bugs and keep their stack trace.</summary>
    public static async Task<int> RunAsync(RootCommand root, string[] args)
    {
        // A pipe or a log has no width; a wide default keeps tables from wrapping.
        if (Console.IsOutputRedirected)
        {
            AnsiConsole.Profile.Width = 140;
        }

        try
        {
            return await root.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = StopTimeout });
        }
        catch (Exception exception) when (exception is InvalidDataException or InvalidPackageException or FormatException or IOException)
        {
            Line($"[red]{exception.Message}[/]");
            return 1;
        }
    }

    public static void Line(FormattableString markup) => AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, markup);

    /// <summary>Right-aligned columns for numbers.</summary>
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
