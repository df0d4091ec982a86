namespace Multimodal.Learning.Training;

/// <summary>How the row of a new expert is fitted. The defaults suit about fifty labelled requests.</summary>
public sealed record GrowthOptions
{
    /// <summary>Weight, above 0, of the squared distance between the row and its initial value, per example.</summary>
    public double L2 { get; init; } = 0.1;

    /// <summary>Steps of gradient descent over the whole sample; at least 1.</summary>
    public int Steps { get; init; } = 300;

    /// <summary>Step size of Adam, above 0.</summary>
    public double LearningRate { get; init; } = 0.02;
}
