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
    public void Read_Nothing_GivesTheDefaults()
    {
        var settings = Read()["audio-dtmf"];

        Assert.Equal(ExecutionProvider.Auto, settings.Execution.Provider);
        Assert.Equal(16, settings.Batching.MaxBatchSize);
        Assert.Equal(64_000_000, settings.Media.ImagePixels);
    }

    [Fact]
    public void Read_ExpertsOwnKeys_LieOverTheEnsembles()
    {
        var settings = Read(
            ("Execution:Provider", "cpu"),
            ("Execution:IntraOpThreads", "2"),
            ("Batching:MaxDelay", "00:00:00.005"),
            ("Media:AudioSeconds", "30"),
            ("Experts:audio-dtmf:Execution:IntraOpThreads", "4"),
            ("Experts:audio-dtmf:Batching:MaxBatchSize", "8"),
            ("Experts:text-words:Execution:Provider", "tensorrt"));

        Assert.Equal((ExecutionProvider.Cpu, 4), (settings["audio-dtmf"].Execution.Provider, settings["audio-dtmf"].Execution.IntraOpThreads));
        Assert.Equal((ExecutionProvider.TensorRt, 2), (settings["text-words"].Execution.Provider, settings["text-words"].Execution.IntraOpThreads));
        Assert.Equal((8, TimeSpan.FromMilliseconds(5)), (settings["audio-dtmf"].Batching.MaxBatchSize, settings["audio-dtmf"].Batching.MaxDelay));
        Assert.Equal(16, settings["text-words"].Batching.MaxBatchSize);
        Assert.Equal(30, settings["text-words"].Media.AudioSeconds);
    }

    [Fact]
    public void Read_ManyMistakes_AreReportedAllAtOnceWithTheirKeys()
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

        string[] wanted =
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
        Assert.All(wanted, part => Assert.Contains(part, exception.Message, StringComparison.Ordinal));
        Assert.Equal(exception.Failures.Distinct(), exception.Failures);
    }
}
