namespace Multimodal.Learning.Data;

/// <summary>
/// Labelled requests with the gate's features and the opinions of all experts: all that training and evaluation need. Immutable.
/// </summary>
public sealed record RecordedSet
{
    /// <summary>The experts, in the order of the opinions of every example.</summary>
    public required IReadOnlyList<RecordedExpert> Experts { get; init; }

    /// <summary>Names of the features, in the order of the features of every example.</summary>
    public required IReadOnlyList<string> Features { get; init; }

    /// <summary>The features of each modality.</summary>
    public required IReadOnlyList<ModalityBlock> Blocks { get; init; }

    /// <summary>Number of labels.</summary>
    public required int LabelCount { get; init; }

    /// <summary>The requests.</summary>
    public required IReadOnlyList<RecordedExample> Examples { get; init; }

    /// <summary>The same examples without the opinions of one expert, which remains in the set.</summary>
    /// <param name="expert">Index of the expert.</param>
    public RecordedSet WithoutOpinionsOf(int expert) => this with
    {
        Examples =
        [
            .. Examples.Select(example => example with { Opinions = [.. example.Opinions.Select((o, e) => e == expert ? null : o)] }),
        ],
    };

    /// <summary>The same examples without one expert.</summary>
    /// <param name="expert">Index of the expert.</param>
    public RecordedSet Without(int expert) => this with
    {
        Experts = [.. Experts.Where((_, e) => e != expert)],
        Examples =
        [
            .. Examples.Select(example => example with { Opinions = [.. example.Opinions.Where((_, e) => e != expert)] }),
        ],
    };

    /// <summary>The same examples in random order.</summary>
    /// <param name="random">Source of randomness.</param>
    public RecordedSet Shuffled(Random random)
    {
        RecordedExample[] examples = [.. Examples];
        random.Shuffle(examples);
        return this with { Examples = examples };
    }

    /// <summary>Checks that every example matches the experts, features and labels.</summary>
    /// <exception cref="ArgumentException">One does not; the message names the first.</exception>
    public void Check()
    {
        var shape = new FeatureScaling
        {
            Features = Features,
            Blocks = Blocks,
            Mean = new double[Features.Count],
            Scale = new double[Features.Count],
        };
        List<string> problems = [.. shape.Problems(), .. StateJson.CheckNames("experts", [.. Experts.Select(e => e.Name)])];
        var wrong = Examples.Index().Where(example => !IsValid(example.Item)).Select(example => example.Index).FirstOrDefault(-1);
        if (wrong >= 0)
        {
            problems.Add(
                $"Example {wrong} does not have {Features.Count} features, {Experts.Count} opinions and one of {LabelCount} labels.");
        }

        if (problems.Count > 0)
        {
            throw new ArgumentException(string.Join(" ", problems));
        }
    }

    private bool IsValid(RecordedExample example) =>
        example.Features.Length == Features.Count && example.Opinions.Count == Experts.Count
        && example.Label >= 0 && example.Label < LabelCount
        && example.Opinions.All(opinion => opinion is null || opinion.Length == LabelCount);
}
