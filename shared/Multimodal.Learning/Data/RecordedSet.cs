namespace Multimodal.Learning.Data;

/// <summary>What all experts said about many labelled inputs, with the gate's features of each: all that training needs.</summary>
public sealed record RecordedSet
{
    /// <summary>The experts, in the order of every example's opinions.</summary>
    public required IReadOnlyList<RecordedExpert> Experts { get; init; }

    /// <summary>Feature names, in the order of every example's features.</summary>
    public required IReadOnlyList<string> Features { get; init; }

    /// <summary>Which features describe which modality.</summary>
    public required IReadOnlyList<ModalityBlock> Blocks { get; init; }

    /// <summary>Number of labels.</summary>
    public required int LabelCount { get; init; }

    /// <summary>The examples.</summary>
    public required IReadOnlyList<RecordedExample> Examples { get; init; }

    /// <summary>The same examples without the opinions of one expert, which remains in the set.</summary>
    /// <param name="expert">Index of the expert.</param>
    public RecordedSet WithoutOpinionsOf(int expert) => this with
    {
        Examples = [.. Examples.Select(example => example with { Opinions = [.. example.Opinions.Select((o, e) => e == expert ? null : o)] })],
    };

    /// <summary>The same examples without one expert.</summary>
    /// <param name="expert">Index of the expert.</param>
    public RecordedSet Without(int expert) => this with
    {
        Experts = [.. Experts.Where((_, e) => e != expert)],
        Examples = [.. Examples.Select(example => example with { Opinions = [.. example.Opinions.Where((_, e) => e != expert)] })],
    };

    /// <summary>The same examples in random order.</summary>
    /// <param name="random">Source of randomness.</param>
    public RecordedSet Shuffled(Random random)
    {
        RecordedExample[] examples = [.. Examples];
        random.Shuffle(examples);
        return this with { Examples = examples };
    }

    /// <summary>Checks every example against the description.</summary>
    /// <exception cref="ArgumentException">Something does not fit; the message names the first such example.</exception>
    public void Check()
    {
        FeatureScaling shape = new() { Features = Features, Blocks = Blocks, Mean = new double[Features.Count], Scale = new double[Features.Count] };
        string[] problems = [.. shape.Problems(), .. StateJson.CheckNames("experts", [.. Experts.Select(e => e.Name)])];
        foreach (var (i, example) in Examples.Index())
        {
            if (example.Features.Length != Features.Count || example.Opinions.Count != Experts.Count
                || example.Label < 0 || example.Label >= LabelCount
                || example.Opinions.Any(opinion => opinion is not null && opinion.Length != LabelCount))
            {
                problems = [.. problems, $"Example {i} does not fit {Features.Count} features, {Experts.Count} experts and {LabelCount} labels."];
                break;
            }
        }

        if (problems.Length > 0)
        {
            throw new ArgumentException(string.Join(" ", problems));
        }
    }
}
