namespace Multimodal.Tool.Report;

/// <summary>One axis of a plot.</summary>
/// <param name="Title">Quantity with its unit.</param>
/// <param name="Min">Value at its start.</param>
/// <param name="Max">Value at its end, above <paramref name="Min"/>.</param>
/// <param name="Format">Format of its ticks.</param>
internal sealed record Axis(string Title, double Min, double Max, string Format = "0.##")
{
    private static readonly double[] RoundSteps = [1, 2, 2.5, 5, 10];

    /// <summary>Whether equal distances on the axis are equal ratios. <see cref="Min"/> is then above 0.</summary>
    public bool IsLogarithmic { get; init; }

    /// <summary>About five ticks at round values; every power of ten on a logarithmic axis.</summary>
    public IEnumerable<double> Ticks
    {
        get
        {
            if (IsLogarithmic)
            {
                for (var power = Math.Ceiling(Math.Log10(Min) - 1e-9); power <= Math.Log10(Max) + 1e-9; power++)
                {
                    yield return Math.Pow(10, power);
                }

                yield break;
            }

            var rough = (Max - Min) / 5;
            var magnitude = Math.Pow(10, Math.Floor(Math.Log10(rough)));
            var step = RoundSteps.First(factor => factor * magnitude >= rough * 0.999) * magnitude;
            for (var tick = Math.Ceiling(Min / step - 1e-9) * step; tick <= Max + 1e-9 * step; tick += step)
            {
                yield return Math.Abs(tick) < 1e-12 ? 0 : tick;
            }
        }
    }

    /// <summary>The place of a value as a share of the axis; values outside are at its ends.</summary>
    public double Share(double value)
    {
        var inside = Math.Clamp(value, Min, Max);
        return IsLogarithmic ? Math.Log(inside / Min) / Math.Log(Max / Min) : (inside - Min) / (Max - Min);
    }

    /// <summary>Returns a logarithmic axis from power to power of ten that contains all values, which are above 0.</summary>
    public static Axis Decades(string title, IEnumerable<double> values)
    {
        double[] all = [.. values];
        var (low, high) = (Math.Floor(Math.Log10(all.Min()) + 1e-9), Math.Ceiling(Math.Log10(all.Max()) - 1e-9));
        return new Axis(title, Math.Pow(10, low), Math.Pow(10, Math.Max(high, low + 1)), "#,##0.######") { IsLogarithmic = true };
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
