using System.Globalization;
using Multimodal.Learning.Scoring;

namespace Multimodal.Tool.Common;

/// <summary>A measured figure with its target.</summary>
internal sealed record Target(string Name, double Measured, string Bound, bool Met)
{
    // Differences such as 3,973 - 3,961 of 4,000 equal 0.3 points only up to rounding.
    private const double Rounding = 1e-9;

    public static Target AtLeast(
        string name, double measured, double bound) => new(name, measured, $"at least {Format(bound)}", measured >= bound - Rounding);

    public static Target AtLeast(string name, Estimate measured, double bound) =>
        AtLeast(name, measured.Value, bound) with { StandardError = measured.StandardError };

    public static Target AtMost(
        string name, double measured, double bound) => new(name, measured, $"at most {Format(bound)}", measured <= bound + Rounding);

    public static Target AtMost(string name, Estimate measured, double bound) =>
        AtMost(name, measured.Value, bound) with { StandardError = measured.StandardError };

    /// <summary>Standard error, or null. It is printed but does not affect whether the target is met.</summary>
    public double? StandardError { get; private init; }

    /// <summary>The measured figure, followed by its standard error if there is one.</summary>
    public string Result => StandardError is { } error ? $"{Format(Measured)} +- {Format(error)}" : Format(Measured);

    public static string Format(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);
}
