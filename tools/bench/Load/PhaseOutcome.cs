using System.Globalization;
using Spectre.Console;

namespace Multimodal.Bench.Load;

/// <summary>How the requests of one phase ended.</summary>
/// <param name="Phase">What was special in this phase.</param>
/// <param name="Requests">Requests posted.</param>
/// <param name="Completed">Requests with the status <c>completed</c>.</param>
/// <param name="Other">The other statuses and problem codes that occurred.</param>
/// <param name="P50">Median latency in milliseconds.</param>
/// <param name="Max">Maximum latency in milliseconds.</param>
internal sealed record PhaseOutcome(string Phase, int Requests, int Completed, IReadOnlyList<string> Other, double P50, double Max)
{
    /// <summary>Prints a table with one row per phase.</summary>
    public static void Print(IEnumerable<PhaseOutcome> outcomes)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("phase", "requests", "completed", "p50 ms", "max ms", "other");
        foreach (var outcome in outcomes)
        {
            table.AddRow(
                outcome.Phase, Number(outcome.Requests), Number(outcome.Completed), Number(outcome.P50), Number(outcome.Max),
                string.Join(", ", outcome.Other));
        }

        AnsiConsole.Write(table);
    }

    private static string Number(double value) => value.ToString("0", CultureInfo.InvariantCulture);
}
