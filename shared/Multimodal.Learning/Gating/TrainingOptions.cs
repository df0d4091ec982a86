namespace Multimodal.Learning.Gating;

/// <summary>
/// How to train. The defaults suit a gate, <see cref="ForCombiner"/> suits the learned rule, both on ten to twenty thousand
/// examples of about a hundred features.
/// </summary>
public sealed record TrainingOptions
{
    /// <summary>
    /// Slower and more strongly held down than a gate: the combiner has a weight per expert and feature, and without that its
    /// dev loss is at its least after one pass, before it has learned to use the signals.
    /// </summary>
    public static TrainingOptions ForCombiner { get; } = new() { LearningRate = 0.002, L2 = 0.01 };

    /// <summary>Passes over the training set at most; at least 1.</summary>
    public int Epochs { get; init; } = 40;

    /// <summary>Examples per step; at least 1.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>Step size of Adam, above 0; falls to a tenth along a cosine.</summary>
    public double LearningRate { get; init; } = 0.005;

    /// <summary>Weight of |theta|^2 / 2 in the loss, at least 0; biases are free.</summary>
    public double L2 { get; init; } = 1e-4;

    /// <summary>Chance in [0, 1) that one of several present modalities is hidden from a training step.</summary>
    public double ModalityDropout { get; init; } = 0.2;

    /// <summary>Chance in [0, 1) that a standardised feature is hidden (0, its mean) in a training step; presence never is.</summary>
    public double FeatureDropout { get; init; } = 0.05;

    /// <summary>Epochs without a better dev loss after which training stops; at least 1.</summary>
    public int Patience { get; init; } = 8;

    /// <summary>Weight, at least 0, of the gate's loss of choosing within each modality, beside its likelihood over all experts.</summary>
    public double WithinModality { get; init; } = 1;

    /// <summary>Kind of gate, a name of <see cref="Gating.Gates.Names"/>.</summary>
    public string Gate { get; init; } = "soft";

    /// <summary>Experts that a sparse gate is trained to ask, at least 1; null for what its strategy takes when left to itself.</summary>
    public int? K { get; init; }

    /// <summary>Weight, at least 0, of the losses that keep the work of a sparse gate even (importance, load, balance).</summary>
    public double Balance { get; init; } = 0.01;

    /// <summary>Weight, at least 0, of the squared log-sum-exp of the logits of a <c>switch</c> gate.</summary>
    public double ZLoss { get; init; } = 1e-3;

    /// <summary>How many times its fair share of a batch an expert takes in the training of a <c>switch</c> gate; at least 1.</summary>
    public double Capacity { get; init; } = 1.25;

    /// <summary>Hidden units of the gate; 0 for a linear one. The combiner has none.</summary>
    public int HiddenUnits { get; init; }

    /// <summary>
    /// What a step keeps, in [0, 1), of the running mean of the parameters, which is what is judged and kept (Polyak and Juditsky 1992, with
    /// fading); 0 keeps the last step's. Its memory is 1 / (1 - this) steps.
    /// </summary>
    public double Averaging { get; init; }

    /// <summary>Name of the selection strategy that the combiner will stand behind.</summary>
    public string Strategy { get; init; } = "waves";

    /// <summary>
    /// Features not to learn from, by the beginning of their names. Many sparse ones, such as hashed n-grams, are learned by heart
    /// where the training texts are few or all alike.
    /// </summary>
    public IReadOnlyList<string> Ignore { get; init; } = [];

    /// <summary>Version written into the state.</summary>
    public string Version { get; init; } = "1";

    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    internal void Check()
    {
        var good = Epochs >= 1 && BatchSize >= 1 && LearningRate > 0 && L2 >= 0 && WithinModality >= 0 && Patience >= 1 && HiddenUnits >= 0
            && K is null or >= 1 && Balance >= 0 && ZLoss >= 0 && Capacity >= 1
            && ModalityDropout is >= 0 and < 1 && FeatureDropout is >= 0 and < 1 && Averaging is >= 0 and < 1;
        if (!good)
        {
            throw new ArgumentException($"A training option is out of its range: {this}");
        }
    }
}
