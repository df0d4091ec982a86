using Multimodal.Bench.Profile;

namespace Multimodal.Bench.Tests.Profile;

public sealed class StageRulesTests
{
    [Theory]
    [InlineData("decode", "NetVips.Image.WriteToMemory()", "Multimodal.Inference.Vision.Backends.VipsBackend.Decode()", "Multimodal.Inference.Vision.Features.ImageFeatures.TryCompute()")]
    [InlineData("features", "System.Math.Log()", "Multimodal.Inference.Vision.Features.ImageFeatures.TryCompute()", "Multimodal.Pipeline.Gateway.Requests.PartReader.Read()")]
    [InlineData("model", "Microsoft.ML.OnnxRuntime.InferenceSession.Run()", "Multimodal.Inference.Experts.OnnxExpert.RunAsync()")]
    [InlineData("web server", "Interop+Sys.Send()", "Microsoft.AspNetCore.Server.Kestrel.Core.Internal.Http.Http1Connection.Flush()")]
    [InlineData("other", "System.Collections.Generic.List`1.Add()")]
    public void StageOf_InnermostFrameOfAStage_Decides(string stage, params string[] frames) => Assert.Equal(stage, StageRules.StageOf(frames));

    [Fact]
    public void IsWaiting_ThreadInAWait_IsNotCounted()
    {
        var samples = new StackSamples();
        samples.AddStack(["System.Threading.Monitor.Wait()", "Multimodal.Pipeline.Gateway.Store.GroupedWriter.RunAsync()"]);
        samples.AddStack(["System.Math.Log()", "Multimodal.Learning.Fusion.LogPool.Fuse()"]);

        Assert.Equal(1, Assert.Single(samples.Shares).Value);
        Assert.Equal("fuse", samples.Shares.Single().Key);
    }

    [Fact]
    public void StageOf_EveryStageOfTheTable_IsUnique() => Assert.Equal(StageRules.Stages.Count, StageRules.Stages.Distinct().Count());
}
