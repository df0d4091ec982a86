using System.Globalization;
using System.Text;
using Multimodal.Learning.Evaluation;
using Multimodal.Learning.Fusion;

namespace Multimodal.Tool.Report;

/// <summary>Similarity and worth of the experts.</summary>
internal static class ExpertFigures
{
    public static IEnumerable<Figure> Draw(ReportInput input)
    {
        var redundancy = Redundancy.Of(input.Set);
        yield return new Figure(
            "Agreement",
            Heat.ToHtml(
                "Share of common requests on which two experts prefer the same label", input.Experts, input.Experts,
                (i, j) => i == j ? double.NaN : 100 * redundancy.Agreement[i, j],
                ("0", 100)),
            "Share of the requests with both opinions on which both prefer the same label, in %.");
        yield return new Figure(
            "Errors in common",
            Heat.ToHtml(
                "Correlation of the errors of two experts", input.Experts, input.Experts,
                (i, j) => i == j ? double.NaN : redundancy.ErrorCorrelation[i, j],
                ("0.00", 1)),
            "Correlation of the errors. Near 1, a second opinion adds nothing; below 0 (blue), one expert is right where the other is "
            + "wrong.");
        yield return Worth(input);
    }

    private static Figure Worth(ReportInput input)
    {
        var ablations = ExpertAblation.Of(input.Set, input.Policy with { Price = ExpectedGain.DefaultPrice }, input.Rule);
        var max = Math.Max(0.1, ablations.Max(ablation => ablation.PointsLost + ablation.StandardError));
        var rows = new StringBuilder();
        foreach (var ablation in ablations)
        {
            var width = 100 * Math.Max(0, ablation.PointsLost) / max;
            rows.Append(CultureInfo.InvariantCulture, $"<tr><th>{Plot.Escaped(ablation.Expert)}</th><td>{100 * ablation.CallShare:0.0}</td><td>{ablation.PointsLost:0.0} &plusmn; {ablation.StandardError:0.0}</td><td class=\"bar\"><i style=\"width:{width:0.0}%\"></i></td><td>{ablation.NllGained:0.000}</td><td>{(ablation.IsSignificant ? "" : "<b>not worth its cost</b>")}</td></tr>");
        }

        return new Figure(
            "What each expert is worth",
            $"<table><thead><tr><th>expert</th><th>calls %</th><th>points lost without it</th><th></th><th>NLL gained</th><th></th></tr></thead><tbody>{rows}</tbody></table>",
            "Accuracy and NLL lost without each expert, with nothing retrained. The standard error comes from the requests that only "
            + "one of the two answers correctly. An expert below two standard errors is indistinguishable from doing without it.",
            Wide: true);
    }
}
