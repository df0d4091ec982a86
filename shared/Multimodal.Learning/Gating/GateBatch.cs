namespace Multimodal.Learning.Gating;

/// <summary>A batch of examples with the outputs of a gate's network, in reused buffers. Not thread-safe.</summary>
/// <param name="experts">Number of experts.</param>
/// <param name="outputs">Outputs of the network per example.</param>
/// <param name="labels">Number of labels.</param>
/// <param name="modalities">Modality of each expert, numbered in the ordinal order of the modalities' names.</param>
/// <param name="capacity">Maximum number of examples in a batch.</param>
internal sealed class GateBatch(int experts, int outputs, int labels, int[] modalities, int capacity)
{
    private readonly double[] _outputs = new double[capacity * outputs];
    private readonly double[] _gradient = new double[capacity * outputs];
    private readonly double[] _previous = new double[capacity * outputs];
    private readonly double[] _logLikelihoods = new double[capacity * experts];
    private readonly double[] _pairLogLikelihoods = new double[capacity * experts * experts];
    private readonly double[] _noise = new double[capacity * experts];
    private readonly int[] _trueLabels = new int[capacity];
    private readonly bool[] _hasOpinion = new bool[capacity * experts];

    /// <summary>Number of examples.</summary>
    public int Count { get; set; }

    public int Experts => experts;

    public int LabelCount => labels;

    /// <summary>The true label of each example.</summary>
    public Span<int> TrueLabels => _trueLabels;

    /// <summary>Modality of each expert, numbered in the ordinal order of the modalities' names.</summary>
    public ReadOnlySpan<int> Modalities => modalities;

    /// <summary>True in a training step, false for held-out examples.</summary>
    public bool Training { get; set; }

    /// <summary>The outputs of the network.</summary>
    public Span<double> Output(int example) => _outputs.AsSpan(example * outputs, outputs);

    /// <summary>dLoss/dOutput; 0 until the loss writes it.</summary>
    public Span<double> Gradient(int example) => _gradient.AsSpan(example * outputs, outputs);

    /// <summary>The outputs of the network with the parameters at the beginning of the EM round.</summary>
    public Span<double> PreviousOutput(int example) => _previous.AsSpan(example * outputs, outputs);

    /// <summary>ln p_i(y) of each expert, bounded from below; 0 for experts without an opinion.</summary>
    public Span<double> LogLikelihood(int example) => _logLikelihoods.AsSpan(example * experts, experts);

    /// <summary>
    /// ln p(y) of the product of two opinions, at [i * experts + j] for i &lt; j if both gave one. Only for kinds with
    /// <see cref="IGateKind.UsesPairs"/>.
    /// </summary>
    public Span<double> PairLogLikelihood(int example) => _pairLogLikelihoods.AsSpan(example * experts * experts, experts * experts);

    /// <summary>One standard normal draw per expert; 0 outside training.</summary>
    public Span<double> Noise(int example) => _noise.AsSpan(example * experts, experts);

    /// <summary>Whether each expert gave an opinion.</summary>
    public Span<bool> HasOpinion(int example) => _hasOpinion.AsSpan(example * experts, experts);

    public void ClearGradient() => Array.Clear(_gradient, 0, Count * outputs);
}
