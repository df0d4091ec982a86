using System.Globalization;
using System.Text.Json;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Multimodal.Tool.Commands;

/// <summary>Draws an answer in the terminal.</summary>
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
            console.MarkupLine(Line(
                $"[grey]gate {Text(gate, "version") ?? ""} with strategy {Text(gate, "strategy") ?? ""}, k = {Number(gate, "k"):0}; fused by {Text(fusion, "rule") ?? ""}; agreement {Number(fusion, "agreement"):0.00}, entropy {Number(fusion, "entropy"):0.00}[/]"));
            if (gate.TryGetProperty("online", out var online))
            {
                console.MarkupLine(Line(
                    $"[grey]trust from {Text(online, "learner") ?? ""} after {Number(online, "feedbacks"):0} feedbacks, revision {Number(online, "revision"):0}{(online.TryGetProperty("explores", out var explores) && explores.ValueKind == JsonValueKind.True ? "; explores: asked with full trust in all experts" : "")}[/]"));
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

    // Bars to the left are against the answer, bars to the right for it.
    private static void WriteContributions(IAnsiConsole console, JsonElement[] experts, string? label)
    {
        if (experts.Length == 0)
        {
            return;
        }

        var max = Math.Max(1e-9, experts.Max(expert => Math.Abs(Number(expert, "contribution"))));
        var table = new Table().Border(TableBorder.None)
            .AddColumns(new TableColumn("asked").NoWrap(), new TableColumn("label").NoWrap(), new TableColumn("weight").RightAligned())
            .AddColumn(new TableColumn($"{"against".PadLeft(Half)} │ {"for".PadRight(Half)}").NoWrap())
            .AddColumns(new TableColumn("contributes").RightAligned(), new TableColumn("without it").NoWrap());
        var hasTrust = experts.Any(expert => expert.TryGetProperty("trust", out _));
        if (hasTrust)
        {
            table.AddColumn(new TableColumn("trust").RightAligned());
        }

        foreach (var expert in experts.OrderByDescending(expert => Number(expert, "contribution")))
        {
            var contribution = Number(expert, "contribution");
            var bar = Bar(Math.Abs(contribution) / max * Half);
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
            var row = hasTrust ? [.. cells, new Text(Number(expert, "trust").ToString("0.000", CultureInfo.InvariantCulture))] : cells;
            table.AddRow(row);
        }

        console.Write(table);
        console.WriteLine();
    }

    private static Markup Without(JsonElement expert, string? label)
    {
        if (!expert.TryGetProperty("without", out var without) || without.ValueKind != JsonValueKind.Object)
        {
            return new Markup("[grey]none: it was the only opinion[/]");
        }

        var other = Text(without, "label");
        var text = Markup.Escape(string.Create(CultureInfo.InvariantCulture, $"{other} at {Number(without, "score"):0.000}"));
        return new Markup(other == label ? text : $"[yellow]{text}, a different answer[/]");
    }

    private static void WriteOthers(IAnsiConsole console, JsonElement[] experts)
    {
        foreach (var expert in experts)
        {
            if (Shadowed(expert) && Text(expert, "label") is { } said)
            {
                console.MarkupLine(Line(
                    $"[grey]{Text(expert, "name") ?? "",-22} {"in shadow",-9}[/] {said} at {Number(expert, "score"):0.000}, not counted"));
                continue;
            }

            var why = Text(expert, "reason") ?? (Shadowed(expert) ? "in shadow; the answer did not wait for it" : "no reason given");
            var detail = Text(expert, "detail") is { } told ? $": {told}" : "";
            var trust = expert.TryGetProperty("trust", out _) && Number(expert, "trust") < 1
                ? string.Create(CultureInfo.InvariantCulture, $" (trust {Number(expert, "trust"):0.000} from feedback)")
                : "";
            console.MarkupLine(
                Line($"[grey]{Text(expert, "name") ?? "",-22} {Text(expert, "state") ?? "",-9}[/] {ReasonText(why)}{detail}{trust}"));
        }
    }

    private static bool Counted(JsonElement expert) => Text(expert, "state") == "answered" && !Shadowed(expert);

    private static bool Shadowed(JsonElement expert) => expert.TryGetProperty("shadow", out var shadow) && shadow.ValueKind == JsonValueKind.True;

    /// <summary>The text for a reason of the API; unknown reasons are shown as they are.</summary>
    private static string ReasonText(string reason) => reason switch
    {
        "not-chosen" => "the gate preferred other experts for this request",
        "absent-modality" => "the request did not contain its medium",
        "no-worker" => "no live worker ran it",
        "not-allowed" => "the request did not allow it",
        "overloaded" => "its backlog was too long to answer by the deadline",
        "not-worthwhile" => "its expected gain was below the price, given the opinions so far",
        "not-sampled" => "it is in shadow and was not sampled for this request",
        "stopped-early" => "it was asked but not awaited, because the answer could hardly change any more",
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
