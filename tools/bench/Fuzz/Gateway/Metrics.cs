using System.Globalization;

namespace Multimodal.Bench.Fuzz.Gateway;

/// <summary>Reads the page /metrics.</summary>
internal static class Metrics
{
    /// <summary>Reads the sum of all series of a metric; 0 if there are none.</summary>
    public static async Task<double> ReadAsync(HttpClient http, string name, CancellationToken cancellationToken)
    {
        var page = await http.GetStringAsync(new Uri("metrics", UriKind.Relative), cancellationToken);
        return page.Split('\n')
            .Where(line => line.StartsWith(name, StringComparison.Ordinal) && line.Length > name.Length && (line[name.Length] is ' ' or '{'))
            .Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
    }
}
