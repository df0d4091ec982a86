using System.Globalization;
using System.Text;
using Multimodal.Learning.Evaluation;

namespace Multimodal.Tool.Report;

/// <summary>How alike the experts are and what each is worth.</summary>
internal static class ExpertFigures
{
    public static IEnumerable<Figure> Draw(ReportInput input)
    {
        var redundancy = Redundancy.Of(input.Set);
        yield return new Figure(
            "Agreement", Heat.ToHtml("Share of common requests on which two experts favour the same label", input.Experts, input.Experts, (i, j) => i == j ? double.NaN : 100 * redundancy.Agreement[i, j], "0", 100), "% of the requests that both judged on which both favour the same label.");
        yield return new Figure(
            "Errors in common", Heat.ToHtml("Correlation of the errors of two experts", input.Experts, input.Experts, (i, j) => i == j ? double.NaN : redundancy.ErrorCorrelation[i, j], "0.00"), "Correlation of being wrong. Near 1 a second opinion brings nothing; below 0 (blue) one is right where the other is wrong.");
        yield return Worth(input);
    }

    private static Figure Worth(ReportInput input)
    {
        var worths = ExpertWorth.Of(input.Set, input.Gate, input.Strategy, input.K, input.Rule);
        var most = Math.Max(0.1, worths.Max(worth => worth.Points + worth.Error));
        var rows = new StringBuilder();
        foreach (var worth in worths)
        {
            var width = 100 * Math.Max(0, worth.Points) / most;
            rows.Append(CultureInfo.InvariantCulture, $"<tr><th>{Plot.Escaped(worth.Expert)}</th><td>{100 * worth.CallShare:0.0}</td><td>{worth.Points:0.0} &plusmn; {worth.Error:0.0}</td><td class=\"bar\"><i style=\"width:{width:0.0}%\"></i></td><td>{worth.Nll:0.000}</td><td>{(worth.IsWorthIt ? "" : "<b>not worth its cost</b>")}</td></tr>");
        }

        return new Figure(
            "What each expert is worth",
            $"<table><thead><tr><th>expert</th><th>calls %</th><th>points lost without it</th><th></th><th>NLL gained</th><th></th></tr></thead><tbody>{rows}</tbody></table>",
            "The ensemble without one expert, nothing trained again; its standard error from the requests that are right in one case only. Less than two of them, and it cannot be told from doing without.",
            Wide: true);
    }
}
