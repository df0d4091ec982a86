using Multimodal.Learning.Data;

namespace Multimodal.Learning.Evaluation;

/// <summary>
/// Removes or exchanges parts of recorded requests, without running an expert again. A part is one modality of a request.
/// </summary>
public static class PartCorruption
{
    /// <summary>Removes each part, features and opinions, with the given probability. At least one part of each request remains.</summary>
    /// <param name="set">The requests; not modified.</param>
    /// <param name="probability">In [0, 1].</param>
    /// <param name="random">Source of randomness.</param>
    public static RecordedSet Remove(RecordedSet set, double probability, Random random) => set with
    {
        Examples =
        [
            .. set.Examples.Select(example =>
            {
                ModalityBlock[] present = [.. set.Blocks.Where(block => HasOpinion(set, example, block))];
                random.Shuffle(present);
                ModalityBlock[] removed = [.. present.Where(_ => random.NextDouble() < probability)];
                return removed.Length == present.Length && removed.Length > 0
                    ? Replace(set, example, removed[1..], null)
                    : Replace(set, example, removed, null);
            }),
        ],
    };

    /// <summary>
    /// Replaces each part, features and opinions, with the given probability by that of another request drawn at random. The new part is
    /// intact but mostly shows another label. The label of the request stays.
    /// </summary>
    /// <param name="set">The requests; not modified.</param>
    /// <param name="probability">In [0, 1].</param>
    /// <param name="random">Source of randomness.</param>
    public static RecordedSet Exchange(RecordedSet set, double probability, Random random)
    {
        var sources = set.Blocks.ToDictionary(
            block => block.Modality,
            block => set.Examples.Where(example => HasOpinion(set, example, block)).ToArray(),
            StringComparer.Ordinal);
        return set with
        {
            Examples =
            [
                .. set.Examples.Select(example =>
                {
                    foreach (var block in set.Blocks)
                    {
                        if (HasOpinion(set, example, block) && random.NextDouble() < probability)
                        {
                            var source = sources[block.Modality];
                            example = Replace(set, example, [block], source[random.Next(source.Length)]);
                        }
                    }

                    return example;
                }),
            ],
        };
    }

    private static RecordedExample Replace(RecordedSet set, RecordedExample example, ModalityBlock[] blocks, RecordedExample? replacement)
    {
        float[] features = [.. example.Features];
        double[]?[] opinions = [.. example.Opinions];
        foreach (var block in blocks)
        {
            features.AsSpan(block.Offset, block.Length).Clear();
            replacement?.Features.AsSpan(block.Offset, block.Length).CopyTo(features.AsSpan(block.Offset));
            foreach (var (e, expert) in set.Experts.Index())
            {
                opinions[e] = expert.Modality == block.Modality ? replacement?.Opinions[e] : opinions[e];
            }
        }

        return example with { Features = features, Opinions = opinions };
    }

    private static bool HasOpinion(RecordedSet set, RecordedExample example, ModalityBlock block) =>
        set.Experts.Index().Any(e => e.Item.Modality == block.Modality && example.Opinions[e.Index] is not null);
}
