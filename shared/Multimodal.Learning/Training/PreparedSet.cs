using Multimodal.Learning.Data;
using Multimodal.Learning.Fusion;
using Multimodal.Learning.Gating;

namespace Multimodal.Learning.Training;

/// <summary>A recorded set as the trainers use it: standardised inputs and conditioned opinions in flat arrays.</summary>
internal sealed class PreparedSet
{
    private readonly double[] _inputs;
    private readonly double[] _opinions;
    private readonly bool[] _given;
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
        _given = new bool[Count * Experts];
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
                    _given[n * Experts + e] = true;
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

    /// <summary>Per expert the position of its modality's block, or -1.</summary>
    public int[] ExpertBlocks { get; }

    public int Label(int example) => _labels[example];

    public ReadOnlySpan<double> Input(int example) => _inputs.AsSpan(example * _features, _features);

    public ReadOnlySpan<bool> HasOpinion(int example) => _given.AsSpan(example * Experts, Experts);

    public ReadOnlySpan<double> Opinion(int example, int expert) => _opinions.AsSpan((example * Experts + expert) * Labels, Labels);

    /// <summary>
    /// Copies an example with dropout: at most one of several present modalities is hidden with its features and experts, and
    /// single features are hidden at random. What is hidden looks exactly as if it had not been sent.
    /// </summary>
    /// <returns>The position of the hidden modality's block, or -1.</returns>
    public int Draw(int example, TrainingOptions options, Random random, Span<double> input, Span<bool> given)
    {
        Input(example).CopyTo(input);
        HasOpinion(example).CopyTo(given);
        var hidden = random.NextDouble() < options.ModalityDropout ? HideOneModality(random, input, given) : -1;

        for (var f = 0; f < input.Length && options.FeatureDropout > 0; f++)
        {
            if (random.NextDouble() < options.FeatureDropout && !IsPresence(f))
            {
                input[f] = 0;
            }
        }

        return hidden;
    }

    private int HideOneModality(Random random, Span<double> input, Span<bool> given)
    {
        var present = 0;
        var chosen = -1;
        for (var b = 0; b < Blocks.Length; b++)
        {
            // Reservoir sampling over the modalities that have an opinion.
            if (HasOpinion(given, b) && random.Next(++present) == 0)
            {
                chosen = b;
            }
        }

        if (present < 2)
        {
            return -1;
        }

        input.Slice(Blocks[chosen].Offset, Blocks[chosen].Length).Clear();
        for (var e = 0; e < Experts; e++)
        {
            given[e] &= ExpertBlocks[e] != chosen;
        }

        return chosen;
    }

    private bool HasOpinion(ReadOnlySpan<bool> given, int block)
    {
        for (var e = 0; e < Experts; e++)
        {
            if (given[e] && ExpertBlocks[e] == block)
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
