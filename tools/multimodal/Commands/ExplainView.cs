using System.Globalization;
using System.Text.Json;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Multimodal.Tool.Commands;

/// <summary>One answer as a picture in the terminal.</summary>
internal static class ExplainView
{
    private const int Half = 16;
    private const int ScoreWidth = 40;

    public static void Write(JsonElement answer) => Write(AnsiConsole.Console, answer);

    internal static void Write(IAnsiConsole console, JsonElement answer)
    {
        var label = Text(answer, "label");
        console.MarkupLine(Line($"[bold]{label ?? "no answer"}[/] with confidence {Number(answer, "confidence"):0.000} [grey]({Text(answer, "status") ?? ""}, {Text(answer, "ensemble") ?? ""}, request {Text(answer, "id") ?? ""})[/]"));
        if (answer.TryGetProperty("fusion", out var fusion) && answer.TryGetProperty("gate", out var gate))
        {
            console.MarkupLine(Line($"[grey]gate {Text(gate, "version") ?? ""} chose by {Text(gate, "strategy") ?? ""}, k = {Number(gate, "k"):0}; fused by {Text(fusion, "rule") ?? ""}; agreement {Number(fusion, "agreement"):0.00}, entropy {Number(fusion, "entropy"):0.00}[/]"));
            if (gate.TryGetProperty("online", out var online))
            {
                console.MarkupLine(Line($"[grey]believed by {Text(online, "learner") ?? ""} after {Number(online, "feedbacks"):0} feedbacks, revision {Number(online, "revision"):0}{(online.TryGetProperty("explores", out var explores) && explores.ValueKind == JsonValueKind.True ? "; asked as if all were believed, to give the others a chance" : "")}[/]"));
            }

            if (fusion.TryGetProperty("conflict", out var conflict) && conflict.ValueKind == JsonValueKind.True)
            {
                console.MarkupLine("[yellow]Confident experts contradict each other.[/]");
            }
        }

        console.WriteLine();
        WriteScores(console, answer);
        JsonElement[] experts = [.. answer.GetProperty("experts").EnumerateArray()];
        WriteContributions(console, [.. experts.Where(Counted)], label);
        WriteOthers(console, [.. experts.Where(expert => !Counted(expert))]);
    }

    private static void WriteScores(IAnsiConsole console, JsonElement answer)
    {
        if (!answer.TryGetProperty("scores", out var scores))
        {
            return;
        }

        var grid = new Grid().AddColumn(new GridColumn().RightAligned()).AddColumn().AddColumn();
        foreach (var score in scores.EnumerateArray().Take(3))
        {
            var value = Number(score, "score");
            grid.AddRow(
                new Text(Text(score, "label") ?? ""),
                new Text(Bar(value * ScoreWidth), new Style(Color.Blue)),
                new Text(value.ToString("0.000", CultureInfo.InvariantCulture)));
        }

        console.Write(grid);
        console.WriteLine();
    }

    // Bars left of the line speak against the answer, right of it for it.
    private static void WriteContributions(IAnsiConsole console, JsonElement[] experts, string? label)
    {
        if (experts.Length == 0)
        {
            return;
        }

        var most = Math.Max(1e-9, experts.Max(expert => Math.Abs(Number(expert, "contribution"))));
        var table = new Table().Border(TableBorder.None)
            .AddColumns(new TableColumn("asked").NoWrap(), new TableColumn("says").NoWrap(), new TableColumn("weight").RightAligned())
            .AddColumn(new TableColumn($"{"against".PadLeft(Half)} │ {"for".PadRight(Half)}").NoWrap())
            .AddColumns(new TableColumn("contributes").RightAligned(), new TableColumn("without it").NoWrap());
        var learns = experts.Any(expert => expert.TryGetProperty("trust", out _));
        if (learns)
        {
            table.AddColumn(new TableColumn("believed").RightAligned());
        }

        foreach (var expert in experts.OrderByDescending(expert => Number(expert, "contribution")))
        {
            var contribution = Number(expert, "contribution");
            var bar = Bar(Math.Abs(contribution) / most * Half);
            var picture = contribution < 0
                ? $"[red]{bar.PadLeft(Half)}[/] │ {new string(' ', Half)}"
                : $"{new string(' ', Half)} │ [green]{bar.PadRight(Half)}[/]";
            IRenderable[] cells =
            [
                new Text(Text(expert, "name")!),
                new Text(string.Create(CultureInfo.InvariantCulture, $"{Text(expert, "label")} at {Number(expert, "score"):0.000}")),
                new Text(Number(expert, "weight").ToString("0.000", CultureInfo.InvariantCulture)),
                new Markup(picture),
                new Text(contribution.ToString("+0.000;-0.000;0.000", CultureInfo.InvariantCulture)),
                Without(expert, label),
            ];
            var row = learns ? [.. cells, new Text(Number(expert, "trust").ToString("0.000", CultureInfo.InvariantCulture))] : cells;
            table.AddRow(row);
        }

        console.Write(table);
        console.WriteLine();
    }

    private static Markup Without(JsonElement expert, string? label)
    {
        if (!expert.TryGetProperty("without", out var without) || without.ValueKind != JsonValueKind.Object)
        {
            return new Markup("[grey]nothing: it was the only opinion[/]");
        }

        var other = Text(without, "label");
        var text = Markup.Escape(string.Create(CultureInfo.InvariantCulture, $"{other} at {Number(without, "score"):0.000}"));
        return new Markup(other == label ? text : $"[yellow]{text}, another answer[/]");
    }

    private static void WriteOthers(IAnsiConsole console, JsonElement[] experts)
    {
        foreach (var expert in experts)
        {
            if (Shadowed(expert) && Text(expert, "label") is { } said)
            {
                console.MarkupLine(Line($"[grey]{Text(expert, "name") ?? "",-22} {"in shadow",-9}[/] it says {said} at {Number(expert, "score"):0.000}, which does not count"));
                continue;
            }

            var why = Text(expert, "reason") ?? (Shadowed(expert) ? "in shadow, and the answer did not wait for it" : "no reason given");
            var detail = Text(expert, "detail") is { } told ? $": {told}" : "";
            var doubt = expert.TryGetProperty("trust", out _) && Number(expert, "trust") < 1
                ? string.Create(CultureInfo.InvariantCulture, $" (feedback left it {Number(expert, "trust"):0.000} of its word)")
                : "";
            console.MarkupLine(Line($"[grey]{Text(expert, "name") ?? "",-22} {Text(expert, "state") ?? "",-9}[/] {Why(why)}{detail}{doubt}"));
        }
    }

    private static bool Counted(JsonElement expert) => Text(expert, "state") == "answered" && !Shadowed(expert);

    private static bool Shadowed(JsonElement expert) => expert.TryGetProperty("shadow", out var shadow) && shadow.ValueKind == JsonValueKind.True;

    /// <summary>A reason of the API as a sentence; reasons that come later are shown as they are.</summary>
    private static string Why(string reason) => reason switch
    {
        "not-chosen" => "the gate thought others worth more for this request",
        "absent-modality" => "the request had nothing for it to judge",
        "no-worker" => "no process that runs it was alive",
        "not-allowed" => "the request did not allow it",
        "overloaded" => "so much waited for it that it would have answered after the deadline",
        "not-worthwhile" => "its opinion was not worth its price, given what was said already",
        "not-sampled" => "it is in shadow, and this request is not among those it is asked about",
        "empty" => "its part showed nothing to judge",
        "stopped-early" => "it was asked, then not waited for: the answer could no longer change, or hardly",
        _ => reason.Replace('-', ' '),
    };

    private static string Bar(double cells)
    {
        var eighths = (int)Math.Round(Math.Max(0, cells) * 8);
        return new string('█', eighths / 8) + (eighths % 8 > 0 ? ((char)('▉' + 7 - eighths % 8)).ToString() : "");
    }

    private static string Line(FormattableString text) => string.Format(
        CultureInfo.InvariantCulture, text.Format, [.. text.GetArguments().Select(argument => argument is string word ? Markup.Escape(word) : argument)]);

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static double Number(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : 0;
}
