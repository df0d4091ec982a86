using System.Globalization;
using System.Text.Json;
using Multimodal.Tool.Common;
using Spectre.Console;

namespace Multimodal.Tool.Commands;

/// <summary>Prints an answer of the HTTP API, or a problem, in a terminal.</summary>
internal static class AnswerView
{
    private const int BarWidth = 12;

    public static void Write(JsonElement answer)
    {
        if (answer.TryGetProperty("code", out var code))
        {
            Terminal.Line($"   rejected: [yellow]{code.GetString()}[/] - {answer.GetProperty("detail").GetString()}");
            return;
        }

        var fusion = answer.GetProperty("fusion");
        Terminal.Line(
            $"   answer [green]{answer.GetProperty("label").GetString() ?? "none"}[/] with confidence {answer.GetProperty("confidence").GetDouble():0.000} ({answer.GetProperty("status").GetString()}, agreement {fusion.GetProperty("agreement").GetDouble():0.00}{(fusion.GetProperty("conflict").GetBoolean() ? ", CONFLICT" : "")}, {answer.GetProperty("timings").GetProperty("totalMs").GetDouble():0} ms)");

        var table = new Table().Border(TableBorder.None).AddColumns("   expert", "state", "weight", "", "label", "score", "without it");
        foreach (var expert in answer.GetProperty("experts").EnumerateArray())
        {
            var state = expert.GetProperty("state").GetString()!;
            var weight = expert.GetProperty("weight").GetDouble();
            var reason = Text(expert, "reason");
            var shadow = expert.TryGetProperty("shadow", out var isShadow) && isShadow.ValueKind == JsonValueKind.True;
            table.AddRow(
                new Text("   " + expert.GetProperty("name").GetString()),
                new Text((reason.Length == 0 ? state : $"{state} ({reason})") + (shadow ? ", in shadow" : "")),
                new Text(state == "answered" && !shadow ? weight.ToString("0.000", CultureInfo.InvariantCulture) : ""),
                new Text(new string('█', (int)Math.Round(weight * BarWidth))),
                new Text(Text(expert, "label")),
                new Text(Number(expert, "score")),
                new Text(Without(expert)));
        }

        AnsiConsole.Write(table);
    }

    private static string Without(JsonElement expert) =>
        expert.TryGetProperty("without", out var without) && without.ValueKind == JsonValueKind.Object
            ? $"{without.GetProperty("label").GetString()} at {Number(without, "score")}"
            : "";

    private static string Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static string Number(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number
            ? value.GetDouble().ToString("0.000", CultureInfo.InvariantCulture)
            : "";
}
