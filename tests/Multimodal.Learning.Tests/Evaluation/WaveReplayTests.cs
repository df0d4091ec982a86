using Multimodal.Learning.Data;
using Multimodal.Learning.Evaluation;
using Multimodal.Learning.Fusion;
using Multimodal.Learning.Selection;

namespace Multimodal.Learning.Tests.Evaluation;

public sealed class WaveReplayTests
{
    [Fact]
    public void AnsweredAfterEachWave_FirstHasNoOpinion_SiblingWithLowTrustIsAsked()
    {
        RecordedExpert[] experts = [new("a", "text"), new("sibling", "text")];
        var waves = new WaveReplay(experts, [0, 0], FusionRules.Table["linear"](null), 0.015);
        var example = new RecordedExample([], 0, [null, [Math.Log(0.6), Math.Log(0.3), Math.Log(0.1)]]);
        var selection = new ExpertSelection(2) { Weights = { [0] = 0.9, [1] = 0.1 }, Waves = { [1] = 1 } };
        Assert.Equal([false, true], waves.AnsweredAfterEachWave(example, selection, [1, 0.005])[^1]);
    }
}
