namespace Multimodal.Tool.Report;

/// <summary>One axis of a plot.</summary>
/// <param name="Title">Quantity with its unit.</param>
/// <param name="Min">Value at its start.</param>
/// <param name="Max">Value at its end, above <paramref name="Min"/>.</param>
/// <param name="Format">Format of its ticks.</param>
internal sealed record Axis(string Title, double Min, double Max, string Format = "0.##")
{
    private static readonly double[] RoundSteps = [1, 2, 2.5, 5, 10];

    /// <summary>About five ticks at round values.</summary>
    public IEnumerable<double> Ticks
    {
        get
        {
            var rough = (Max - Min) / 5;
            var magnitude = Math.Pow(10, Math.Floor(Math.Log10(rough)));
            var step = RoundSteps.First(factor => factor * magnitude >= rough * 0.999) * magnitude;
            for (var tick = Math.Ceiling(Min / step - 1e-9) * step; tick <= Max + 1e-9 * step; tick += step)
            {
                yield return Math.Abs(tick) < 1e-12 ? 0 : tick;
            }
        }
    }

    /// <summary>Returns an axis that contains all values with a small margin, within fixed bounds.</summary>
    public static Axis Around(string title, IEnumerable<double> values, double min, double max, string format = "0.##")
    {
        double[] all = [.. values.Where(double.IsFinite)];
        if (all.Length == 0)
        {
            return new Axis(title, min, max, format);
        }

        var (low, high) = (all.Min(), all.Max());
        var room = Math.Max((high - low) * 0.08, (max - min) * 0.005);
        return new Axis(title, Math.Max(min, low - room), Math.Min(max, high + room), format);
    }
}
