using System.Globalization;
using System.Text.Json;
using System.Xml.Linq;
using Multimodal.Tool.Commands;
using Multimodal.Tool.Report;
using Spectre.Console;

namespace Multimodal.Tool.Tests.Report;

/// <summary>The charts that the tool draws.</summary>
public sealed class PictureTests
{
    private const string Answer = """
        { "id": "5", "ensemble": "digits", "status": "completed", "label": "7", "confidence": 0.97, "scores": [{ "label": "7", "score": 0.97 }],
          "experts": [
            { "name": "one", "state": "answered", "weight": 0.8, "label": "7", "score": 0.99, "contribution": 3.5, "without": { "label": "1", "score": 0.6 } },
            { "name": "two", "state": "answered", "weight": 0.2, "label": "1", "score": 0.7, "contribution": -0.5, "without": { "label": "7", "score": 0.99 } },
            { "name": "three", "state": "skipped", "reason": "absent-modality" },
            { "name": "four", "state": "declined", "reason": "bad-input", "detail": "[no] sound" }],
          "gate": { "version": "2", "strategy": "top-k", "k": 2 }, "fusion": { "rule": "learned", "agreement": 0.2, "entropy": 0.1, "conflict": true } }
        """;

    [Fact]
    public void Explain_Answer_ShowsForAndAgainstAndWhyOthersWereNotAsked()
    {
        using var written = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(written) });
        console.Profile.Width = 160;
        using var answer = JsonDocument.Parse(Answer);
        ExplainView.Write(console, answer.RootElement);
        var lines = written.ToString().Split('\n');
        Assert.Contains(lines, line => line.Contains("one", StringComparison.Ordinal)
            && line.Contains("│ ████████████████", StringComparison.Ordinal) && line.Contains("a different answer", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("two", StringComparison.Ordinal) && line.Contains("-0.500", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("three", StringComparison.Ordinal)
            && line.Contains("did not contain its medium", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("[no] sound", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("contradict", StringComparison.Ordinal));
    }

    [Fact]
    public void Explain_LearnedFromFeedback_ShowsTheTrust()
    {
        using var written = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(written) });
        console.Profile.Width = 180;
        using var answer = JsonDocument.Parse(Answer
            .Replace("\"k\": 2 }", "\"k\": 2, \"online\": { \"learner\": \"boa\", \"feedbacks\": 12, \"revision\": 13, \"explores\": true } }", StringComparison.Ordinal)
            .Replace("\"weight\": 0.2", "\"weight\": 0.2, \"trust\": 0.125", StringComparison.Ordinal)
            .Replace("\"state\": \"skipped\"", "\"state\": \"skipped\", \"trust\": 0.25", StringComparison.Ordinal));
        ExplainView.Write(console, answer.RootElement);
        var lines = written.ToString().Split('\n');
        Assert.Contains(lines, line => line.Contains("boa after 12 feedbacks, revision 13; explores", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("two", StringComparison.Ordinal) && line.Contains("0.125", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("three", StringComparison.Ordinal)
            && line.Contains("trust 0.250 from feedback", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0, 1, new[] { 0, 0.2, 0.4, 0.6, 0.8, 1 })]
    [InlineData(0, 2500, new[] { 0.0, 500, 1000, 1500, 2000, 2500 })]
    [InlineData(86.3, 92.7, new[] { 88.0, 90, 92 })]
    public void Ticks_Range_AreRound(double min, double max, double[] expected) =>
        Assert.Equal(expected, new Axis("", min, max).Ticks.Select(tick => Math.Round(tick, 9)));

    [Fact]
    public void Plot_MarksOutsideItsAxes_StayInsideThePicture()
    {
        var html = new Plot(new Axis("a < b", 0, 1), new Axis("y", 0, 1)).Line("l", "red", [(-5, -5), (0.5, double.NaN), (7, 7)], dots: true).Dot(2, 2, "red", "\"far\"").ToHtml("p");
        var svg = XElement.Parse(html);
        Assert.All(svg.Descendants("circle"), circle => Assert.InRange((double)circle.Attribute("cx")!, 0, 520));
        Assert.Equal(3, svg.Descendants("circle").Count());
        Assert.Contains("a &lt; b", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Decades_Values_AreWithinPowersOfTen()
    {
        var axis = Axis.Decades("x", [0.3, 5, 700]);

        Assert.Equal([0.1, 1, 10, 100, 1000], axis.Ticks.Select(tick => Math.Round(tick, 9)));
        Assert.Equal([0, 0.25, 0.5, 1, 1], new[] { 0.1, 1, 10, 1000, 5000 }.Select(value => Math.Round(axis.Share(value), 9)));
        Assert.Equal([1, 10], Axis.Decades("x", [1]).Ticks);
    }

    [Fact]
    public void ToFile_Lines_HasALegendInsideThePicture()
    {
        var svg = XElement.Parse(new Plot(Axis.Decades("x", [1, 10]), Axis.Decades("y", [1, 10])).Line("first", "#123456", [(1, 1)]).Line("a < b", "#654321", [(1, 2)]).ToFile("p"));
        XNamespace names = "http://www.w3.org/2000/svg";
        var height = double.Parse(((string)svg.Attribute("viewBox")!).Split(' ')[3], CultureInfo.InvariantCulture);

        Assert.Equal(["first", "a < b"], svg.Elements(names + "text").TakeLast(2).Select(text => text.Value));
        Assert.All(svg.Descendants(names + "text").Where(text => text.Attribute("y") is not null), text => Assert.InRange((double)text.Attribute("y")!, 0, height));
    }

    [Fact]
    public void Heat_EmptyCell_HasNoNumber()
    {
        var svg = XElement.Parse(Heat.ToHtml("h", ["r"], ["a", "b"], (_, c) => c == 0 ? double.NaN : -0.25, ("0.00", 1)));
        Assert.Equal(["-0.25"], svg.Descendants("text").Where(text => ((string?)text.Attribute("class"))!.StartsWith("number", StringComparison.Ordinal)).Select(text => text.Nodes().OfType<XText>().Single().Value));
    }
}
