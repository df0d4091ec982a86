using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Ensembles;
using Multimodal.Pipeline.Gateway.Caching;
using Multimodal.Pipeline.Tests.Compatibility;
using Multimodal.Pipeline.Tests.Fakes;

namespace Multimodal.Pipeline.Tests.Gateway.Caching;

public sealed class FinalAnswerTests
{
    private static readonly Ensemble Ensemble = new ScriptedEnsemble(
        [ScriptedExpert.Answers("a", Modality.Text, 0.8, 0.1, 0.1), ScriptedExpert.Answers("b", Modality.Text, 0.8, 0.1, 0.1)]).Create();

    private static readonly ExpertReport Answered = new() { Name = "a", Modality = Modality.Text, State = ExpertState.Answered, Label = "0", Version = "1.0.0" };
    private static readonly ExpertReport Skipped = new() { Name = "b", Modality = Modality.Text, State = ExpertState.Skipped, Reason = "not-worthwhile" };

    /// <summary>An answer that can be used again.</summary>
    internal static FusedAnswer Final { get; } = MessageSamples.Answer with
    {
        Cached = null,
        Status = AnswerStatus.Completed,
        Experts = [Answered, Skipped],
        Gate = new GateReport("4", "waves", 2),
        Fusion = new FusionReport("learned", 1, 0, false) { Version = "4" },
    };

    [Fact]
    public void Is_Complete_IsFinal() => Assert.True(FinalAnswer.Is(Final, Ensemble));

    [Theory]
    [InlineData(AnswerStatus.Partial, false)]
    [InlineData(AnswerStatus.Failed, false)]
    [InlineData(AnswerStatus.Undecided, true)]
    public void Is_OtherStatus_IsFinalOnlyWithoutAMissingExpert(AnswerStatus status, bool isFinal) =>
        Assert.Equal(isFinal, FinalAnswer.Is(Final with { Status = status, Fusion = Final.Fusion with { Version = null } }, Ensemble));

    [Theory]
    [InlineData("no-worker", false)]
    [InlineData("overloaded", false)]
    [InlineData("not-chosen", true)]
    [InlineData("absent-modality", true)]
    [InlineData("stopped-early", true)]
    public void Is_ExpertSkipped_IsNotFinalIfItWasUnavailable(string reason, bool isFinal) =>
        Assert.Equal(isFinal, FinalAnswer.Is(Final with { Experts = [Answered, Skipped with { Reason = reason }] }, Ensemble));

    [Fact]
    public void Is_ExpertOfAnotherVersion_IsNotFinal() =>
        Assert.False(FinalAnswer.Is(Final with { Experts = [Answered with { Version = "1.0.1" }, Skipped] }, Ensemble));

    [Fact]
    public void Is_ExpertUnknownToTheGateway_IsNotFinal() =>
        Assert.False(FinalAnswer.Is(Final with { Experts = [Answered with { Name = "c" }, Skipped] }, Ensemble));

    [Fact]
    public void Is_FusedByAnotherVersion_IsNotFinal() =>
        Assert.False(FinalAnswer.Is(Final with { Fusion = Final.Fusion with { Version = "3" } }, Ensemble));

    [Fact]
    public void Is_FromTheCache_IsNotFinal() =>
        Assert.False(FinalAnswer.Is(Final with { Cached = new CacheReport(Guid.NewGuid(), 1) }, Ensemble));

    [Fact]
    public void Is_ShadowWithoutWorker_IsFinal() =>
        Assert.True(FinalAnswer.Is(Final with { Experts = [Answered, Skipped with { Shadow = true, Reason = "no-worker" }] }, Ensemble));
}
