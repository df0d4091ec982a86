using Multimodal.Learning.Data;

namespace Multimodal.Learning.Evaluation;

/// <summary>Recorded requests whose parts are lost or wrong, without running an expert again.</summary>
public static class Damage
{
    /// <summary>
    /// Each modality of each request is lost with a chance, its features and its experts' opinions together; the last one left stays.
    /// </summary>
    /// <param name="set">The requests; left as they are.</param>
    /// <param name="chance">In [0, 1].</param>
    /// <param name="random">Draws what is lost.</param>
    public static RecordedSet Lose(RecordedSet set, double chance, Random random) => set with
    {
        Examples =
        [
            .. set.Examples.Select(example =>
            {
                var present = Shuffled([.. set.Blocks.Where(block => HasOpinion(set, example, block))], random);
                ModalityBlock[] lost = [.. present.Where(_ => random.NextDouble() < chance)];
                return lost.Length == present.Length && lost.Length > 0
                    ? Replace(set, example, lost[1..], null)
                    : Replace(set, example, lost, null);
            }),
        ],
    };

    /// <summary>
    /// Each modality of each request is exchanged with a chance for that of another request drawn at random, features and opinions together: a
    /// part that is good in itself and mostly shows something else. The label stays.
    /// </summary>
    /// <param name="set">The requests; left as they are.</param>
    /// <param name="chance">In [0, 1].</param>
    /// <param name="random">Draws what is exchanged.</param>
    public static RecordedSet Exchange(RecordedSet set, double chance, Random random)
    {
        var sources = set.Blocks.ToDictionary(
            block => block.Modality, block => set.Examples.Where(example => HasOpinion(set, example, block)).ToArray(), StringComparer.Ordinal);
        return set with
        {
            Examples =
            [
                .. set.Examples.Select(example =>
                {
                    foreach (var block in set.Blocks)
                    {
                        if (HasOpinion(set, example, block) && random.NextDouble() < chance)
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

    // By another request's part, or by nothing.
    private static RecordedExample Replace(RecordedSet set, RecordedExample example, ModalityBlock[] blocks, RecordedExample? by)
    {
        float[] features = [.. example.Features];
        double[]?[] opinions = [.. example.Opinions];
        foreach (var block in blocks)
        {
            features.AsSpan(block.Offset, block.Length).Clear();
            by?.Features.AsSpan(block.Offset, block.Length).CopyTo(features.AsSpan(block.Offset));
            foreach (var (e, expert) in set.Experts.Index())
            {
                opinions[e] = expert.Modality == block.Modality ? by?.Opinions[e] : opinions[e];
            }
        }

        return example with { Features = features, Opinions = opinions };
    }

    private static bool HasOpinion(RecordedSet set, RecordedExample example, ModalityBlock block) =>
        set.Experts.Index().Any(e => e.Item.Modality == block.Modality && example.Opinions[e.Index] is not null);

    private static ModalityBlock[] Shuffled(ModalityBlock[] blocks, Random random)
    {
        random.Shuffle(blocks);
        return blocks;
    }
}
