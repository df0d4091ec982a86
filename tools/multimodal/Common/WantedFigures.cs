using Spectre.Console;

namespace Multimodal.Tool.Common;

/// <summary>Prints figures with their targets and names the missed ones.</summary>
internal static class WantedFigures
{
    public static bool Check(IEnumerable<WantedFigure> figures)
    {
        var all = figures.ToArray();
        var table = new Table().Border(TableBorder.Simple).AddColumns("figure", "measured", "target", "");
        foreach (var figure in all)
        {
            table.AddRow(Markup.Escape(figure.Name), figure.Result, figure.Wanted, figure.Met ? "ok" : "[red]missed[/]");
        }

        AnsiConsole.Write(table);
        foreach (var figure in all.Where(figure => !figure.Met))
        {
            Terminal.Line($"[red]missed: {figure.Name}: {figure.Result}, target {figure.Wanted}[/]");
        }

        return all.All(figure => figure.Met);
    }
}
