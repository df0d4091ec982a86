using Multimodal.Learning.Data;
using Multimodal.Learning.Evaluation;
using Multimodal.Learning.Fusion;

namespace Multimodal.Tool.Studies;

/// <summary>Nine of ten requests prefer the same expert: how the selection bias moves its load to others.</summary>
internal static class SkewedLoad
{
    /// <summary>Requests of one stream.</summary>
    public const int Requests = 4000;

    /// <summary>Change of the bias per window.</summary>
    public const double Step = 0.1;

    /// <summary>Target reduction of the busiest expert's load.</summary>
    public const double TargetReduction = 0.25;

    private const double Share = 0.9;
    private const int Windows = 40;

    /// <summary>The path of the bias for each kind of request; the first point has no bias.</summary>
    public static IReadOnlyList<(string Kind, IReadOnlyList<LoadPoint> Points)> Paths(
        RecordedSet set, SelectionPolicy policy, IFusionRule rule, int seed)
    {
        var paths = new (string, IReadOnlyList<LoadPoint>)[set.Experts.Count];
        Parallel.For(0, paths.Length, e =>
        {
            var stream = LoadStudy.Skew(set, policy.Gate, new LoadSkew(e, Share, Requests), new Random(seed + e));
            paths[e] = (set.Experts[e].Name, LoadStudy.Run(stream, policy, rule, Step, Windows));
        });
        return paths;
    }

    /// <summary>The first point where the busiest expert has at least a quarter less load; the last point if there is none.</summary>
    public static LoadPoint Levelled(IReadOnlyList<LoadPoint> points) =>
        points.FirstOrDefault(point => point.Busiest <= (1 - TargetReduction) * points[0].Busiest) ?? points[^1];
}
