namespace Multimodal.Learning.Training;

/// <summary>How a new expert's row is fitted. The defaults suit about fifty labelled requests.</summary>
public sealed record GrowthOptions
{
    /// <summary>How strongly the row is tied to where it starts, above 0: the weight of its squared distance, per example.</summary>
    public double Tie { get; init; } = 0.1;

    /// <summary>Steps of descent over the whole sample; at least 1.</summary>
    public int Steps { get; init; } = 300;

    /// <summary>Step size of Adam, above 0.</summary>
    public double Rate { get; init; } = 0.02;
}
