namespace Multimodal.Bench.Soak;

/// <summary>The trend of one figure over the second half of a run.</summary>
/// <param name="Name">The figure.</param>
/// <param name="First">Mean of the first half.</param>
/// <param name="Second">Mean of the second half.</param>
/// <param name="Fitted">How much the line of least squares rises within the second half.</param>
/// <param name="Bound">The most that it may rise.</param>
internal sealed record Growth(string Name, double First, double Second, double Fitted, double Bound)
{
    /// <summary>Whether the figure grows more than the load explains.</summary>
    public bool IsExceeded => Fitted > Bound;

    /// <summary>Fits a figure.</summary>
    /// <param name="name">The figure.</param>
    /// <param name="samples">The samples, at least two in each half. A sample without the figure is left out.</param>
    /// <param name="bound">The most that it may rise, from its mean over the second half.</param>
    public static Growth Of(string name, IReadOnlyList<SoakSample> samples, Func<double, double> bound)
    {
        var middle = (samples[0].Seconds + samples[^1].Seconds) / 2;
        var points = samples.Where(sample => sample.Values.ContainsKey(name)).Select(sample => (X: sample.Seconds, Y: sample.Values[name])).ToArray();
        var second = points.Where(point => point.X >= middle).ToArray();
        var first = points.Where(point => point.X < middle).ToArray();
        if (second.Length < 2)
        {
            throw new InvalidDataException($"{name} has fewer than two samples in the second half. Run for a longer time.");
        }

        var (meanX, meanY) = (second.Average(point => point.X), second.Average(point => point.Y));
        var squares = second.Sum(point => (point.X - meanX) * (point.X - meanX));
        var slope = squares > 0 ? second.Sum(point => (point.X - meanX) * (point.Y - meanY)) / squares : 0;
        return new Growth(name, first.Length == 0 ? 0 : first.Average(point => point.Y), meanY, slope * (second[^1].X - second[0].X), bound(meanY));
    }
}
