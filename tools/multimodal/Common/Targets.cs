using Spectre.Console;

namespace Multimodal.Tool.Common;

/// <summary>Prints figures with their targets and names the missed ones.</summary>
internal static class Targets
{
    public static bool Check(IEnumerable<Target> figures)
    {
        var all = figures.ToArray();
        var table = new Table().Border(TableBorder.Simple).AddColumns("figure", "measured", "target", "");
        foreach (var figure in all)
        {
            table.AddRow(Markup.Escape(figure.Name), figure.Result, figure.Bound, figure.Met ? "ok" : "[red]missed[/]");
        }

        AnsiConsole.Write(table);
        foreach (var figure in all.Where(figure => !figure.Met))
        {
            Terminal.Line($"[red]missed: {figure.Name}: {figure.Result}, target {figure.Bound}[/]");
        }

        return all.All(figure => figure.Met);
    }
}
