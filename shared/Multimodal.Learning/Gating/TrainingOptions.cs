namespace Multimodal.Learning.Gating;

/// <summary>
/// How to train. The defaults suit a gate, <see cref="ForCombiner"/> suits the learned rule, both with ten to twenty thousand examples of
/// about a hundred features.
/// </summary>
public sealed record TrainingOptions
{
    /// <summary>
    /// A lower learning rate and a stronger L2 than for a gate. The combiner has a weight per expert and feature; with the gate's options,
    /// it overfits after one epoch, before it learns to use the signals.
    /// </summary>
    public static TrainingOptions ForCombiner { get; } = new() { LearningRate = 0.002, L2 = 0.01 };

    /// <summary>Maximum number of passes over the training set; at least 1.</summary>
    public int Epochs { get; init; } = 40;

    /// <summary>Examples per step; at least 1.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>Initial step size of Adam, above 0; it falls to a tenth along a cosine.</summary>
    public double LearningRate { get; init; } = 0.005;

    /// <summary>Weight of |theta|^2 / 2 in the loss, at least 0; biases do not count.</summary>
    public double L2 { get; init; } = 1e-4;

    /// <summary>Probability, in [0, 1), that a training step hides one of several present modalities.</summary>
    public double ModalityDropout { get; init; } = 0.2;

    /// <summary>
    /// Probability, in [0, 1), that a training step replaces a standardised feature by its mean, 0. Presence features are kept.
    /// </summary>
    public double FeatureDropout { get; init; } = 0.05;

    /// <summary>Epochs without a lower dev loss after which training stops; at least 1.</summary>
    public int Patience { get; init; } = 8;

    /// <summary>Weight, at least 0, of the expected cost of asking one expert within each modality, in the loss of dense gates.</summary>
    public double WithinModality { get; init; } = 1;

    /// <summary>Kind of gate, a name in <see cref="Gating.Gates.Names"/>.</summary>
    public string Gate { get; init; } = "soft";

    /// <summary>Number of experts that a sparse gate is trained to ask, at least 1; null for its strategy's own number.</summary>
    public int? K { get; init; }

    /// <summary>Weight, at least 0, of the losses for an even distribution of work (importance, load, balance) of sparse gates.</summary>
    public double Balance { get; init; } = 0.01;

    /// <summary>Weight, at least 0, of the squared log-sum-exp of the logits of a <c>switch</c> gate.</summary>
    public double ZLoss { get; init; } = 1e-3;

    /// <summary>
    /// Capacity factor in the training of a <c>switch</c> gate, at least 1: examples per expert, relative to its fair share of a batch.
    /// </summary>
    public double Capacity { get; init; } = 1.25;

    /// <summary>Hidden units of the gate, at least 0; 0 for a linear gate. The combiner has none.</summary>
    public int HiddenUnits { get; init; }

    /// <summary>
    /// Decay per step, in [0, 1), of the running mean of the parameters, which is evaluated and kept (Polyak and Juditsky 1992, with
    /// exponential decay). 0 keeps the parameters of the last step. The mean covers about 1 / (1 - value) steps.
    /// </summary>
    public double Averaging { get; init; }

    /// <summary>Name of the selection strategy whose selections the combiner sees.</summary>
    public string Strategy { get; init; } = "waves";

    /// <summary>
    /// Prefixes of the names of features that are not used. Many sparse features, such as hashed n-grams, overfit if there are few or
    /// uniform training texts.
    /// </summary>
    public IReadOnlyList<string> Ignore { get; init; } = [];

    /// <summary>Version of the trained state.</summary>
    public string Version { get; init; } = "1";

    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    internal void Check()
    {
        var isValid = Epochs >= 1 && BatchSize >= 1 && LearningRate > 0 && L2 >= 0
            && WithinModality >= 0 && Patience >= 1 && HiddenUnits >= 0
            && K is null or >= 1 && Balance >= 0 && ZLoss >= 0 && Capacity >= 1
            && ModalityDropout is >= 0 and < 1 && FeatureDropout is >= 0 and < 1 && Averaging is >= 0 and < 1;
        if (!isValid)
        {
            throw new ArgumentException($"A training option is out of its range: {this}");
        }
    }
}
