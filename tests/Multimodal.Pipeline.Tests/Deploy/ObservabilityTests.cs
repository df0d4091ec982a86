using System.Text.Json;
using System.Text.RegularExpressions;
using Multimodal.Pipeline.Hosting;
using Multimodal.Testing;
using YamlDotNet.RepresentationModel;

namespace Multimodal.Pipeline.Tests.Deploy;

/// <summary>Dashboards and alerts use only existing metrics. Otherwise they would silently show nothing.</summary>
public sealed partial class ObservabilityTests
{
    private static readonly string Folder = Path.Combine(RepositoryFiles.Root, "deploy", "observability");

    [Fact]
    public void Dashboard_EveryMetric_Exists()
    {
        using var dashboard = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "grafana-dashboard.json")));
        var panels = dashboard.RootElement.GetProperty("panels").EnumerateArray().ToArray();
        var queries = panels.Where(panel => panel.TryGetProperty("targets", out _))
            .SelectMany(panel => panel.GetProperty("targets").EnumerateArray())
            .Select(target => target.GetProperty("expr").GetString()!)
            .ToArray();

        AssertKnown(queries);
        Assert.Equal(panels.Length, panels.Select(panel => panel.GetProperty("id").GetInt32()).Distinct().Count());

        // Every metric is used.
        Assert.All(MetricsPage.Names().Keys, name => Assert.Contains(queries, query => query.Contains(name, StringComparison.Ordinal)));
    }

    [Fact]
    public void Rules_EveryMetric_ExistsAndEveryAlertHasASummary()
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(File.ReadAllText(Path.Combine(Folder, "prometheus-rules.yaml"))));
        var rules = ((YamlSequenceNode)yaml.Documents[0].RootNode["groups"]).SelectMany(group => (YamlSequenceNode)group["rules"]).ToArray();

        AssertKnown(rules.Select(rule => rule["expr"].ToString()));
        Assert.All(rules, rule => Assert.False(string.IsNullOrWhiteSpace(rule["annotations"]["summary"].ToString())));
        Assert.All(rules, rule => Assert.Contains(rule["labels"]["severity"].ToString(), new[] { "info", "warning", "critical" }));
        Assert.Equal(rules.Length, rules.Select(rule => rule["alert"].ToString()).Distinct().Count());
    }

    private static void AssertKnown(IEnumerable<string> queries)
    {
        var known = MetricsPage.Names()
            .SelectMany(metric => metric.Value == "histogram" ? new[] { "_bucket", "_sum", "_count" }.Select(suffix => metric.Key + suffix) : [metric.Key])
            .ToHashSet(StringComparer.Ordinal);
        var named = queries.SelectMany(query => Metric().Matches(query)).Select(match => match.Value).ToArray();

        Assert.NotEmpty(named);
        Assert.Empty(named.Except(known));
    }

    [GeneratedRegex(@"\bmultimodal_[a-z0-9_]+")]
    private static partial Regex Metric();
}
