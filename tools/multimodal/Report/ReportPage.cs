using System.Globalization;
using System.Text;

namespace Multimodal.Tool.Report;

/// <summary>The report page: one file without external resources.</summary>
internal static class ReportPage
{
    private const string Style = """
        :root { color-scheme: light dark; --page: #f6f6f3; --card: #fff; --ink: #1c1e21; --dim: #666b73; --line: #e3e3de;
          --heat: #d9661f; --cold: #2f78c4; --on: #fff;
          --c0: #2f78c4; --c1: #d9661f; --c2: #2a9d70; --c3: #b8458e; --c4: #8a6fd1; --c5: #b08a00; --c6: #3ba7c4; --c7: #c23b3b; --c8: #7a7f87; }
        @media (prefers-color-scheme: dark) { :root { --page: #15171a; --card: #1e2125; --ink: #e8e8e4; --dim: #9aa0a8; --line: #33373d;
          --heat: #ef8a47; --cold: #5aa0e6; --on: #14161a;
          --c0: #5aa0e6; --c1: #ef8a47; --c2: #46c293; --c3: #dd78b8; --c4: #a893ea; --c5: #d9b53a; --c6: #62c8e0; --c7: #ea6a6a; --c8: #9aa0a8; } }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; }
        main { max-width: 1180px; margin: 0 auto; padding: 40px 24px 64px; }
        h1 { font-size: 30px; line-height: 1.2; letter-spacing: -.01em; margin: 0 0 4px; }
        h2 { font-size: 20px; margin: 44px 0 14px; }
        h3 { font-size: 15px; margin: 0 0 10px; }
        h4 { font-size: 13px; font-weight: 600; margin: 0 0 2px; }
        h4 span { color: var(--dim); font-weight: 400; float: right; }
        .lead { color: var(--dim); margin: 0; }
        .facts { display: flex; flex-wrap: wrap; gap: 12px; margin: 24px 0 0; padding: 0; list-style: none; }
        .facts li { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 12px 18px; min-width: 132px; }
        .facts b { display: block; font-size: 24px; line-height: 1.2; font-variant-numeric: tabular-nums; }
        .facts span { color: var(--dim); font-size: 13px; }
        .grid-of { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 480px), 1fr)); gap: 16px; align-items: start; }
        figure { margin: 0; background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 18px 20px 14px; min-width: 0; }
        figure.wide { grid-column: 1 / -1; }
        figcaption { color: var(--dim); font-size: 13px; margin-top: 8px; }
        svg { display: block; width: 100%; height: auto; overflow: visible; font-family: inherit; }
        .grid { stroke: var(--line); } .axis { stroke: var(--dim); } .mark { stroke: var(--dim); stroke-dasharray: 4 4; }
        .line { fill: none; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
        .tick, .title, .note, .number { fill: var(--dim); font-size: 11.5px; } .title { font-size: 12px; } .note { fill: var(--ink); }
        .number { fill: var(--ink); font-variant-numeric: tabular-nums; } .number.on { fill: var(--on); }
        .legend { list-style: none; display: flex; flex-wrap: wrap; gap: 2px 16px; margin: 8px 0 0; padding: 0 0 0 8px; font-size: 13px; }
        .legend i { display: inline-block; width: 14px; height: 4px; border-radius: 2px; margin-right: 6px; vertical-align: middle; }
        .small { display: grid; grid-template-columns: repeat(auto-fill, minmax(230px, 1fr)); gap: 18px 20px; }
        .small svg { max-width: 380px; }
        .small.wide { grid-template-columns: repeat(auto-fill, minmax(320px, 1fr)); }
        table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
        th, td { text-align: right; padding: 6px 12px; border-bottom: 1px solid var(--line); white-space: nowrap; }
        th:first-child { text-align: left; } thead th { color: var(--dim); font-weight: 500; font-size: 13px; } tbody th { font-weight: 500; }
        td.bar { width: 40%; text-align: left; } td.bar i { display: block; height: 10px; border-radius: 3px; background: var(--c0); } td b { color: var(--heat); }
        """;

    public static string Write(ReportInput input)
    {
        (string Title, IEnumerable<Figure> Figures)[] sections =
        [
            ("Quality", QualityFigures.Draw(input)),
            ("The gate", GateFigures.Draw(input)),
            ("The experts", ExpertFigures.Draw(input)),
            ("Learning from feedback", TrustFigures.Draw(input).Concat(OnlineFigures.Draw(input))),
        ];
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{Plot.Escaped(input.Package.Name)}: report</title>\n<style>\n{Style}\n</style></head>\n<body><main>\n");
        page.Append(
            CultureInfo.InvariantCulture,
            $"<h1>{Plot.Escaped(input.Package.Name)}</h1><p class=\"lead\">Ensemble {Plot.Escaped(input.Package.Version)}, gate {Plot.Escaped(input.Gate.Version)}, combiner {Plot.Escaped(input.Combiner.Version)}; {input.Policy.Strategy}, fused by {input.Package.Defaults.Fusion}. Recorded opinions that were not used for training.</p>\n");
        page.Append(Facts(input));
        foreach (var (title, figures) in sections)
        {
            page.Append(CultureInfo.InvariantCulture, $"<h2>{title}</h2>\n<div class=\"grid-of\">\n");
            foreach (var figure in figures)
            {
                page.Append(CultureInfo.InvariantCulture, $"<figure{(figure.Wide ? " class=\"wide\"" : "")}><h3>{Plot.Escaped(figure.Title)}</h3>{figure.Html}<figcaption>{Plot.Escaped(figure.Caption)}</figcaption></figure>\n");
            }

            page.Append("</div>\n");
        }

        return page.Append("</main></body></html>\n").ToString();
    }

    private static string Facts(ReportInput input)
    {
        var answered = input.Answers.Answered;
        (string Value, string Name)[] facts =
        [
            (input.Set.Examples.Count.ToString(CultureInfo.InvariantCulture), "requests"),
            (Number(100 * input.Answers.AccuracyOfAll, "0.0") + " %", "accuracy"),
            (Number(answered.Nll, "0.000"), "NLL"),
            (Number(answered.Ece, "0.000"), "ECE"),
            (Number(answered.Brier, "0.000"), "Brier score"),
            ($"{Number(input.Answers.ExpertsRun, "0.00")} of {Number(input.Answers.ExpertsAvailable, "0.00")}", "experts run"),
        ];
        return $"<ul class=\"facts\">{string.Concat(facts.Select(fact => $"<li><b>{fact.Value}</b><span>{fact.Name}</span></li>"))}</ul>\n";
    }

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
