using Multimodal.Tool.Report;

namespace Multimodal.Bench.Scaling;

/// <summary>Draws the curves of a dimension, with both axes logarithmic: a straight line is a power of the size, and its slope is the exponent.</summary>
internal static class GrowthPlot
{
    // Read on white and on black.
    private static readonly string[] Colours =
    [
        "#2f78c4", "#d9661f", "#2a9d70", "#b8458e", "#8a6fd1", "#b08a00", "#3ba7c4", "#c23b3b", "#7a7f87", "#4c9a2a", "#c98a5a", "#5f6fb5", "#a05080", "#20907f",
    ];

    /// <summary>Writes the plot to a file.</summary>
    public static void Write(string file, IDimension dimension, IReadOnlyList<Curve> curves)
    {
        var points = curves.SelectMany(curve => curve.Points).ToArray();
        var plot = new Plot(
            Axis.Decades(dimension.Quantity, points.Select(point => point.Size)),
            Axis.Decades("milliseconds", points.Select(point => point.Cost)),
            width: 640,
            height: 340);
        foreach (var (i, curve) in curves.Index())
        {
            plot.Line(curve.Name, Colours[i % Colours.Length], curve.Points.Select(point => (point.Size, point.Cost)), dots: true);
        }

        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, plot.ToFile($"Cost against {dimension.Quantity}"));
    }
}
