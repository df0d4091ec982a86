namespace Multimodal.Learning.Gating;

/// <summary>Some examples at once with what a gate's network says of them, in buffers that are used again.</summary>
internal sealed class GateBatch(int experts, int outputs, int labels, int[] modalities, int capacity)
{
    private readonly double[] _outputs = new double[capacity * outputs];
    private readonly double[] _gradient = new double[capacity * outputs];
    private readonly double[] _before = new double[capacity * outputs];
    private readonly double[] _evidence = new double[capacity * experts];
    private readonly double[] _pairs = new double[capacity * experts * experts];
    private readonly double[] _noise = new double[capacity * experts];
    private readonly int[] _truths = new int[capacity];
    private readonly bool[] _given = new bool[capacity * experts];

    /// <summary>Number of examples.</summary>
    public int Count { get; set; }

    public int Experts => experts;

    public int LabelCount => labels;

    /// <summary>The true label of each example.</summary>
    public Span<int> TrueLabels => _truths;

    /// <summary>Per expert the number of its modality, in ordinal order of their names.</summary>
    public ReadOnlySpan<int> Modalities => modalities;

    /// <summary>Whether this is a step of training, and not a look at held-out examples.</summary>
    public bool Training { get; set; }

    /// <summary>What the network says.</summary>
    public Span<double> Output(int example) => _outputs.AsSpan(example * outputs, outputs);

    /// <summary>dLoss/dOutput, for the loss to write; zero before it does.</summary>
    public Span<double> Gradient(int example) => _gradient.AsSpan(example * outputs, outputs);

    /// <summary>What the network said at the beginning of the round.</summary>
    public Span<double> PreviousOutput(int example) => _before.AsSpan(example * outputs, outputs);

    /// <summary>ln p_i(y) of each expert, held from below; 0 for those that gave no opinion.</summary>
    public Span<double> LogLikelihood(int example) => _evidence.AsSpan(example * experts, experts);

    /// <summary>ln p(y) of the product of two opinions, at [i * experts + j] for i &lt; j that gave one; only for kinds that judge pairs.</summary>
    public Span<double> PairLogLikelihood(int example) => _pairs.AsSpan(example * experts * experts, experts * experts);

    /// <summary>A standard normal draw per expert; zero outside training.</summary>
    public Span<double> Noise(int example) => _noise.AsSpan(example * experts, experts);

    /// <summary>Which experts gave an opinion.</summary>
    public Span<bool> HasOpinion(int example) => _given.AsSpan(example * experts, experts);

    /// <summary>Sets all gradients to zero.</summary>
    public void ClearGradient() => Array.Clear(_gradient, 0, Count * outputs);
}
