namespace Multimodal.Bench.PathBench;

/// <summary>Size and defaults of a no-op ensemble.</summary>
/// <param name="Name">Name of the ensemble.</param>
/// <param name="Experts">Number of experts.</param>
internal sealed record NoOpShape(string Name, int Experts)
{
    /// <summary>Number of labels.</summary>
    public int Labels { get; init; } = 10;

    /// <summary>Whether the ensemble learns from feedback.</summary>
    public bool Learns { get; init; }

    /// <summary>A text that makes all labels equally likely, so that the answer stays undecided until the last expert has answered.</summary>
    /// <param name="number">Makes the text different from others.</param>
    public string Text(int number) => FormattableString.Invariant($"{new string('a', Labels)} {number}");
}
