using System.Globalization;
using Multimodal.Bench.Chaos;
using Spectre.Console;

namespace Multimodal.Bench.Upgrade;

/// <summary>Prints how the answers of each phase ended, by what the requests contained.</summary>
/// <param name="phases">The phases.</param>
/// <param name="load">The clients, after the check.</param>
/// <param name="samples">Number of different requests; the last two are those of <see cref="SilentSound"/>.</param>
internal sealed class UpgradeReport(IReadOnlyList<UpgradePhase> phases, ChaosLoad load, int samples)
{
    /// <summary>Prints a row per phase.</summary>
    public void Print()
    {
        var statuses = load.Statuses.ToArray();
        var table = new Table().Border(TableBorder.Simple).AddColumns("replaced", "requests", "with content", "text and silence", "silence");
        foreach (var (i, phase) in phases.Index())
        {
            var end = i + 1 < phases.Count ? phases[i + 1].First : int.MaxValue;
            var answers = statuses.Where(answer => answer.Number >= phase.First && answer.Number < end).ToArray();
            table.AddRow(
                Markup.Escape(phase.Name),
                answers.Length.ToString(CultureInfo.InvariantCulture),
                Counts(answers, sample => sample < samples - 2),
                Counts(answers, sample => sample == samples - 2),
                Counts(answers, sample => sample == samples - 1));
        }

        AnsiConsole.Write(table);
    }

    /// <summary>Number of requests with content that ended without a label.</summary>
    public int FailedWithContent => load.Statuses.Count(answer => answer.Number % samples < samples - 2 && answer.Status is not "completed" and not "partial");

    private string Counts(IEnumerable<(int Number, string Status)> answers, Func<int, bool> isKind) => Markup.Escape(string.Join(
        ", ",
        answers.Where(answer => isKind(answer.Number % samples))
            .GroupBy(answer => answer.Status)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => string.Create(CultureInfo.InvariantCulture, $"{group.Key} {group.Count()}"))));
}
