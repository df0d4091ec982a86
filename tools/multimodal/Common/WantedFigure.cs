using System.Globalization;
using Multimodal.Learning.Scoring;

namespace Multimodal.Tool.Common;

/// <summary>A measured figure beside the bound it must keep.</summary>
internal sealed record WantedFigure(string Name, double Measured, string Wanted, bool Met)
{
    // 3,973 and 3,961 of 4,000 are 0.3 points apart, and by rounding more.
    private const double Rounding = 1e-9;

    public static WantedFigure AtLeast(string name, double measured, double bound) => new(name, measured, $"at least {Format(bound)}", measured >= bound - Rounding);

    public static WantedFigure AtLeast(string name, Estimate measured, double bound) =>
        AtLeast(name, measured.Value, bound) with { StandardError = measured.StandardError };

    public static WantedFigure AtMost(string name, double measured, double bound) => new(name, measured, $"at most {Format(bound)}", measured <= bound + Rounding);

    public static WantedFigure AtMost(string name, Estimate measured, double bound) =>
        AtMost(name, measured.Value, bound) with { StandardError = measured.StandardError };

    /// <summary>Null for a figure without one. It is printed but does not decide whether the bound is met.</summary>
    public double? StandardError { get; private init; }

    /// <summary>The measured figure, followed by its standard error if it has one.</summary>
    public string Result => StandardError is { } error ? $"{Format(Measured)} +- {Format(error)}" : Format(Measured);

    public static string Format(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);
}
