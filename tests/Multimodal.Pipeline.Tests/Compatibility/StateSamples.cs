using Multimodal.Learning.Data;
using Multimodal.Learning.Fusion;
using Multimodal.Learning.Gating;
using Multimodal.Learning.Online;
using Multimodal.Tool.DataSets;

namespace Multimodal.Pipeline.Tests.Compatibility;

/// <summary>Learned states and recorded rows with a value in every member. A gate with such a state could not be opened.</summary>
internal static class StateSamples
{
    private static readonly string[] Experts = ["a", "b"];
    private static readonly GateHiddenLayer Hidden = new([[0.5, 1]], [0.25], [[0.125]]);

    private static readonly FeatureScaling Scaling = new()
    {
        Features = ["text.present", "text.log-length"],
        Blocks = [new ModalityBlock("text", 0, 2)],
        Mean = [0, 1.5],
        Scale = [1, 0.1],
    };

    public static GateState Gate { get; } = new()
    {
        Kind = "pairs",
        Version = "4",
        Experts = Experts,
        Scaling = Scaling,
        Weights = [[0.1, 0.2], [0.3, 1e-9]],
        Bias = [0.5, -0.5],
        Hidden = Hidden,
        Modalities = ["text", "text"],
        Sharpness = 2,
        Pairs = [new GatePair([0.5], 0.25, Hidden)],
        Tables = [new GateTable([[0.5]], [0.25], Hidden)],
    };

    public static CombinerState Combiner { get; } = new()
    {
        Version = "4",
        Form = "linear",
        Experts = Experts,
        Signals = ["one", "confidence"],
        Scaling = Scaling,
        SharedWeights = [[0.5, 1]],
        ExpertWeights = [[0.1, 0.2]],
        FeatureWeights = [[0.3, 0.4]],
        Temperature = 1.25,
        Accuracies = [0.9, 0.8],
        Powers = [1, 0.5],
        GainWeights = [0.1, 0.2],
    };

    public static OnlineState Online { get; } = new()
    {
        Learner = "moe-f",
        Loss = "brier",
        Experts = ["a", TrustState.Uninformed],
        Settings = new OnlineSettings { Rate = 0.5, Share = 0.01, Gibbs = 2 },
        Feedbacks = 3,
        Numbers = new Dictionary<string, IReadOnlyList<double>> { ["weights"] = [0.75, 0.25] },
    };

    public static TrustState Trust { get; } = new()
    {
        Learner = "moe-f",
        Loss = "brier",
        Feedbacks = 3,
        Experts = new Dictionary<string, OnlineState> { ["a"] = Online },
    };

    public static OnlinePrediction Prediction { get; } = new()
    {
        Experts = Experts,
        Awake = [1, 0.5],
        Weights = [0.75, 0.25],
        Opinions = [[-0.125, -2.5], [-0.5, -1]],
        Answer = [-0.25, -1.5],
    };

    public static RecordedHeader Header { get; } =
        new("digits", ["0", "1"], [new RecordedExpert("a", "text")], Scaling.Features, Scaling.Blocks);

    public static RecordedRow Row { get; } = new(
        "row-1", "1", true, [1, 0.3465736f], new() { ["a"] = [-0.125, -2.5] }, new() { ["b"] = "The file ends before its image does." });

    /// <summary>The state of each learner after two feedbacks.</summary>
    public static OnlineState Taught(string learner)
    {
        var learning = OnlineLearners.Table[learner];
        var state = learning.Start(Experts, "brier");
        double[][] opinions = [[Math.Log(0.75), Math.Log(0.25)], [Math.Log(0.5), Math.Log(0.5)]];
        foreach (var truth in new[] { 0, 1 })
        {
            state = learning.Update(state, learning.Predict(state, [1, 0.5], opinions), truth);
        }

        return state;
    }
}
