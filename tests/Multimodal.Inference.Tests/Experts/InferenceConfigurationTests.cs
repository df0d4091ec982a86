using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Multimodal.Inference.Experts;
using Multimodal.Inference.Sessions;

namespace Multimodal.Inference.Tests.Experts;

public sealed class InferenceConfigurationTests
{
    private static IReadOnlyDictionary<string, ExpertSettings> Read(params (string Key, string Value)[] entries) =>
        InferenceConfiguration.Read(
            new ConfigurationBuilder()
                .AddInMemoryCollection(entries.ToDictionary(entry => $"Multimodal:Inference:{entry.Key}", entry => (string?)entry.Value))
                .Build()
                .GetSection(InferenceConfiguration.SectionName),
            ["text-words", "audio-dtmf"]);

    [Fact]
    public void Read_EmptySection_HasTheDefaults()
    {
        var settings = Read()["audio-dtmf"];

        Assert.Equal(ExecutionProvider.Auto, settings.Execution.Provider);
        Assert.Equal(16, settings.Batching.MaxBatchSize);
        Assert.Equal(64_000_000, settings.Media.ImagePixels);
    }

    [Fact]
    public void Read_KeysOfAnExpert_OverrideThoseOfTheEnsemble()
    {
        var settings = Read(
            ("Execution:Provider", "cpu"),
            ("Execution:IntraOpThreads", "2"),
            ("Batching:MaxDelay", "00:00:00.005"),
            ("Media:AudioSeconds", "30"),
            ("Experts:audio-dtmf:Execution:IntraOpThreads", "4"),
            ("Experts:audio-dtmf:Batching:MaxBatchSize", "8"),
            ("Experts:text-words:Execution:Provider", "tensorrt"));

        var (audio, text) = (settings["audio-dtmf"], settings["text-words"]);
        Assert.Equal((ExecutionProvider.Cpu, 4), (audio.Execution.Provider, audio.Execution.IntraOpThreads));
        Assert.Equal((ExecutionProvider.TensorRt, 2), (text.Execution.Provider, text.Execution.IntraOpThreads));
        Assert.Equal((8, TimeSpan.FromMilliseconds(5)), (audio.Batching.MaxBatchSize, audio.Batching.MaxDelay));
        Assert.Equal(16, text.Batching.MaxBatchSize);
        Assert.Equal(30, text.Media.AudioSeconds);
    }

    [Fact]
    public void Read_ManyErrors_AreAllReportedWithTheirKeys()
    {
        var exception = Assert.Throws<OptionsValidationException>(() => Read(
            ("Execution:Provider", "quantum"),
            ("Execution:IntraOpThreads", "many"),
            ("Batching:Capacity", "20"),
            ("Media:ImagePixels", "0"),
            ("Media:ImagePixel", "7"),
            ("Experts:audio-dtfm:Execution:Provider", "cpu"),
            ("Experts:audio-dtmf:Executions:Provider", "cpu"),
            ("Experts:text-words:Execution:DeviceId", "64"),
            ("Speed", "fast")));

        string[] expected =
        [
            "Inference:Execution:Provider: is 'quantum'; it must be one of Auto, Cpu, Cuda, TensorRt.",
            "Inference:Execution:IntraOpThreads: is 'many'; it must be an integer.",
            "Inference:Batching:Capacity: Capacity is 20; it must be at least MaxBatchSize x (Concurrency + 1) = 32",
            "Inference:Media:ImagePixels: The field",
            "Inference:Media:ImagePixel: is not known",
            "Inference:Experts:audio-dtfm: is not known; known keys: text-words, audio-dtmf.",
            "Inference:Experts:audio-dtmf:Executions: is not known",
            "Inference:Experts:text-words:Execution:DeviceId: The field",
            "Inference:Speed: is not known",
        ];
        Assert.All(expected, part => Assert.Contains(part, exception.Message, StringComparison.Ordinal));
        Assert.Equal(exception.Failures.Distinct(), exception.Failures);
    }
}
