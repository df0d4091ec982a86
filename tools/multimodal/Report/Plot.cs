using System.Globalization;
using System.Net;
using System.Text;

namespace Multimodal.Tool.Report;

/// <summary>A plot with two axes as inline SVG. Its colours are variables of the page, which has a light and a dark scheme.</summary>
internal sealed class Plot
{
    private const double Left = 52;
    private const double Right = 14;
    private const double Top = 12;
    private const double Bottom = 42;

    private const string FileStyle =
        "text{font:11.5px system-ui,'Segoe UI',Roboto,'DejaVu Sans',sans-serif;fill:#7d828a}.grid{stroke:#9aa0a8;stroke-opacity:.35}.axis{stroke:#7d828a}"
        + ".mark{stroke:#7d828a;stroke-dasharray:4 4}.line{fill:none;stroke-width:2;stroke-linejoin:round;stroke-linecap:round}";

    private readonly StringBuilder _marks = new();
    private readonly List<(string Name, string Colour)> _legend = [];
    private readonly Axis _x;
    private readonly Axis _y;
    private readonly double _width;
    private readonly double _height;

    public Plot(Axis x, Axis y, double width = 520, double height = 300)
    {
        (_x, _y, _width, _height) = (x, y, width, height);
        foreach (var tick in y.Ticks)
        {
            Mark($"<line class=\"grid\" x1=\"{Left}\" x2=\"{width - Right}\" y1=\"{Y(tick):0.0}\" y2=\"{Y(tick):0.0}\"/>");
            Mark($"<text class=\"tick\" x=\"{Left - 8}\" y=\"{Y(tick) + 4:0.0}\" text-anchor=\"end\">{tick.ToString(y.Format, CultureInfo.InvariantCulture)}</text>");
        }

        foreach (var tick in x.Ticks)
        {
            Mark($"<text class=\"tick\" x=\"{X(tick):0.0}\" y=\"{height - Bottom + 18}\" text-anchor=\"middle\">{tick.ToString(x.Format, CultureInfo.InvariantCulture)}</text>");
        }

        Mark($"<line class=\"axis\" x1=\"{Left}\" x2=\"{width - Right}\" y1=\"{height - Bottom}\" y2=\"{height - Bottom}\"/>");
        Mark($"<text class=\"title\" x=\"{(Left + width - Right) / 2:0.0}\" y=\"{height - 6}\" text-anchor=\"middle\">{Escaped(x.Title)}</text>");
        Mark($"<text class=\"title\" transform=\"translate(13 {(Top + height - Bottom) / 2:0.0}) rotate(-90)\" text-anchor=\"middle\">{Escaped(y.Title)}</text>");
    }

    /// <summary>The colour of a series or an expert, by its index.</summary>
    public static string Colour(int position) => $"var(--c{position % 9})";

    public Plot Line(string name, string colour, IEnumerable<(double X, double Y)> points, bool dots = false, bool dashed = false)
    {
        (double X, double Y)[] all = [.. points.Where(p => double.IsFinite(p.Y))];
        var path = string.Join(' ', all.Select(p => string.Create(CultureInfo.InvariantCulture, $"{X(p.X):0.0},{Y(p.Y):0.0}")));
        Mark($"<polyline class=\"line\" style=\"stroke:{colour}\" {(dashed ? "stroke-dasharray=\"5 4\" " : "")}points=\"{path}\"/>");
        foreach (var point in dots ? all : [])
        {
            Dot(point.X, point.Y, colour, string.Create(CultureInfo.InvariantCulture, $"{name}: {point.X:0.###}, {point.Y:0.###}"));
        }

        _legend.Add((name, colour));
        return this;
    }

    public Plot Dot(double x, double y, string colour, string hint, double radius = 3.5)
    {
        Mark($"<circle cx=\"{X(x):0.0}\" cy=\"{Y(y):0.0}\" r=\"{radius}\" style=\"fill:{colour}\"><title>{Escaped(hint)}</title></circle>");
        return this;
    }

    public Plot Label(double x, double y, string text, bool below = false)
    {
        Mark($"<text class=\"note\" x=\"{X(x):0.0}\" y=\"{Y(y) + (below ? 16 : -8):0.0}\" text-anchor=\"middle\">{Escaped(text)}</text>");
        return this;
    }

    public Plot Bar((double From, double To) span, double value, string colour, string hint, double opacity = 1)
    {
        var (x, y) = (X(span.From), Y(value));
        Mark($"<rect x=\"{x:0.0}\" y=\"{y:0.0}\" width=\"{Math.Max(0.5, X(span.To) - x):0.0}\" height=\"{Math.Max(0, Y(_y.Min) - y):0.0}\" style=\"fill:{colour};fill-opacity:{opacity:0.##}\"><title>{Escaped(hint)}</title></rect>");
        return this;
    }

    public Plot Upright(double x, string text)
    {
        Mark($"<line class=\"mark\" x1=\"{X(x):0.0}\" x2=\"{X(x):0.0}\" y1=\"{Top}\" y2=\"{_height - Bottom}\"/>");
        Mark($"<text class=\"note\" x=\"{X(x) + 5:0.0}\" y=\"{Top + 10}\">{Escaped(text)}</text>");
        return this;
    }

    public Plot Diagonal()
    {
        Mark($"<line class=\"mark\" x1=\"{X(_x.Min):0.0}\" x2=\"{X(_x.Max):0.0}\" y1=\"{Y(_y.Min):0.0}\" y2=\"{Y(_y.Max):0.0}\"/>");
        return this;
    }

    /// <summary>Returns the SVG with its legend below.</summary>
    public string ToHtml(string label, bool legend = true)
    {
        var svg = string.Create(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {_width} {_height}\" role=\"img\" aria-label=\"{Escaped(label)}\">{_marks}</svg>");
        return legend && _legend.Count > 1 ? svg + Legend(_legend) : svg;
    }

    /// <summary>Returns the SVG as a file of its own, with the legend below. Its colours can be read on a light and on a dark page.</summary>
    public string ToFile(string label)
    {
        const int LegendLine = 18;

        // Half of the last label of the axis is outside of the plot.
        const int Margin = 24;
        // Long legends have two columns.
        var lines = _legend.Count > 6 ? (_legend.Count + 1) / 2 : _legend.Count;
        var legend = new StringBuilder();
        foreach (var (i, (name, colour)) in _legend.Index())
        {
            var (x, y) = (Left + (i / lines * (_width - Left) / 2), _height + (i % lines * LegendLine) + 10);
            legend.Append(CultureInfo.InvariantCulture, $"<rect x=\"{x:0.0}\" y=\"{y - 7:0.0}\" width=\"14\" height=\"4\" rx=\"2\" style=\"fill:{colour}\"/>");
            legend.Append(CultureInfo.InvariantCulture, $"<text class=\"title\" x=\"{x + 22:0.0}\" y=\"{y:0.0}\">{Escaped(name)}</text>");
        }

        return string.Create(
            CultureInfo.InvariantCulture,
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {_width + Margin} {_height + (lines * LegendLine) + 6}\" width=\"{_width + Margin}\" role=\"img\" aria-label=\"{Escaped(label)}\"><style>{FileStyle}</style>{_marks}{legend}</svg>\n");
    }

    /// <summary>Names with their colours.</summary>
    public static string Legend(IEnumerable<(string Name, string Colour)> entries) =>
        $"<ul class=\"legend\">{string.Concat(entries.Select(entry => $"<li><i style=\"background:{entry.Colour}\"></i>{Escaped(entry.Name)}</li>"))}</ul>";

    internal static string Escaped(string text) => WebUtility.HtmlEncode(text);

    private double X(double value) => Left + _x.Share(value) * (_width - Left - Right);

    private double Y(double value) => _height - Bottom - _y.Share(value) * (_height - Top - Bottom);

    private void Mark(FormattableString mark) => _marks.Append(FormattableString.Invariant(mark));
}
