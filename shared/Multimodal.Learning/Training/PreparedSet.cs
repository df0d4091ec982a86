using Multimodal.Learning.Data;
using Multimodal.Learning.Fusion;
using Multimodal.Learning.Gating;

namespace Multimodal.Learning.Training;

/// <summary>A recorded set for training: standardised features and normalised opinions in contiguous arrays.</summary>
internal sealed class PreparedSet
{
    private readonly double[] _inputs;
    private readonly double[] _opinions;
    private readonly bool[] _hasOpinion;
    private readonly int[] _labels;
    private readonly int _features;

    public PreparedSet(RecordedSet set, FeatureScaling scaling)
    {
        set.Check();
        Experts = set.Experts.Count;
        Labels = set.LabelCount;
        _features = set.Features.Count;
        Count = set.Examples.Count;
        ExpertBlocks = [.. set.Experts.Select(expert => BlockOf(set.Blocks, expert.Modality))];
        Blocks = [.. set.Blocks];
        _inputs = new double[Count * _features];
        _opinions = new double[Count * Experts * Labels];
        _hasOpinion = new bool[Count * Experts];
        _labels = [.. set.Examples.Select(example => example.Label)];
        var scaler = new FeatureScaler(scaling);
        for (var n = 0; n < Count; n++)
        {
            var example = set.Examples[n];
            scaler.Apply(example.Features, _inputs.AsSpan(n * _features, _features));
            for (var e = 0; e < Experts; e++)
            {
                if (example.Opinions[e] is { } opinion)
                {
                    _hasOpinion[n * Experts + e] = true;
                    var row = _opinions.AsSpan((n * Experts + e) * Labels, Labels);
                    opinion.CopyTo(row);
                    OpinionTable.Normalise(row);
                }
            }
        }
    }

    public int Count { get; }

    public int Experts { get; }

    public int Labels { get; }

    public int FeatureCount => _features;

    public ModalityBlock[] Blocks { get; }

    /// <summary>Per expert, the index of its modality's block, or -1.</summary>
    public int[] ExpertBlocks { get; }

    public int Label(int example) => _labels[example];

    public ReadOnlySpan<double> Input(int example) => _inputs.AsSpan(example * _features, _features);

    public ReadOnlySpan<bool> HasOpinion(int example) => _hasOpinion.AsSpan(example * Experts, Experts);

    public ReadOnlySpan<double> Opinion(int example, int expert) => _opinions.AsSpan((example * Experts + expert) * Labels, Labels);

    /// <summary>
    /// Copies an example with dropout. At most one of several present modalities is hidden, with its features and opinions, as if it were
    /// absent. Single features are replaced by their mean.
    /// </summary>
    /// <param name="example">Index of the example.</param>
    /// <param name="options">Probabilities of dropout.</param>
    /// <param name="random">Source of randomness.</param>
    /// <param name="input">Overwritten with the standardised features.</param>
    /// <param name="hasOpinion">Overwritten with which opinions remain.</param>
    /// <returns>Index of the hidden modality's block, or -1.</returns>
    public int Draw(int example, TrainingOptions options, Random random, Span<double> input, Span<bool> hasOpinion)
    {
        Input(example).CopyTo(input);
        HasOpinion(example).CopyTo(hasOpinion);
        var hidden = random.NextDouble() < options.ModalityDropout ? HideOneModality(random, input, hasOpinion) : -1;
        for (var f = 0; f < input.Length && options.FeatureDropout > 0; f++)
        {
            if (random.NextDouble() < options.FeatureDropout && !IsPresence(f))
            {
                input[f] = 0;
            }
        }

        return hidden;
    }

    private int HideOneModality(Random random, Span<double> input, Span<bool> hasOpinion)
    {
        var present = 0;
        var hidden = -1;
        for (var b = 0; b < Blocks.Length; b++)
        {
            // Reservoir sampling over the modalities with an opinion.
            if (HasOpinionOf(hasOpinion, b) && random.Next(++present) == 0)
            {
                hidden = b;
            }
        }

        if (present < 2)
        {
            return -1;
        }

        input.Slice(Blocks[hidden].Offset, Blocks[hidden].Length).Clear();
        for (var e = 0; e < Experts; e++)
        {
            hasOpinion[e] &= ExpertBlocks[e] != hidden;
        }

        return hidden;
    }

    private bool HasOpinionOf(ReadOnlySpan<bool> hasOpinion, int block)
    {
        for (var e = 0; e < Experts; e++)
        {
            if (hasOpinion[e] && ExpertBlocks[e] == block)
            {
                return true;
            }
        }

        return false;
    }

    private bool IsPresence(int feature)
    {
        foreach (var block in Blocks)
        {
            if (block.Offset == feature)
            {
                return true;
            }
        }

        return false;
    }

    private static int BlockOf(IReadOnlyList<ModalityBlock> blocks, string modality)
    {
        for (var b = 0; b < blocks.Count; b++)
        {
            if (blocks[b].Modality == modality)
            {
                return b;
            }
        }

        return -1;
    }
}
