using Spectre.Console;

namespace Multimodal.Tool.Common;

/// <summary>Prints figures beside what was wanted and names those that fall short.</summary>
internal static class WantedFigures
{
    public static bool Check(IEnumerable<WantedFigure> figures)
    {
        var all = figures.ToArray();
        var table = new Table().Border(TableBorder.Simple).AddColumns("figure", "measured", "wanted", "");
        foreach (var figure in all)
        {
            table.AddRow(Markup.Escape(figure.Name), figure.Result, figure.Wanted, figure.Met ? "ok" : "[red]short[/]");
        }

        AnsiConsole.Write(table);
        foreach (var figure in all.Where(figure => !figure.Met))
        {
            Terminal.Line($"[red]falls short: {figure.Name}: {figure.Result}, wanted {figure.Wanted}[/]");
        }

        return all.All(figure => figure.Met);
    }
}
