using Microsoft.Extensions.Logging;
using Multimodal.Inference.Experts;
using Multimodal.Inference.Media;
using Multimodal.Inference.Packages;
using Multimodal.Inference.Sessions;
using Multimodal.Testing;

namespace Multimodal.Pipeline.Tests.Experts;

/// <summary>
/// Experts in a build without CUDA. This project references the CPU package of ONNX Runtime, like the all-in-one service. For the CUDA
/// package see ExecutionTests of Multimodal.Inference.Tests.
/// </summary>
public sealed class GpuAbsentTests : IDisposable
{
    private readonly CollectingLogger _logger = new();

    public void Dispose() => _logger.Dispose();

    private async Task<string> DeviceAsync(ExecutionProvider provider)
    {
        var package = ExpertPackageReader.Read(RepositoryFiles.At("models", "digits", "text-words"), new MediaOptions()).OrThrow();
        var settings = new ExpertSettings { Execution = new ExecutionOptions { Provider = provider } };
        var loader = new ExpertLoader(TimeProvider.System, _logger);
        await using var expert = await loader.OpenAsync(package, settings, CancellationToken.None);
        await using var second = await loader.OpenAsync(package, settings, CancellationToken.None);
        return expert.Device;
    }

    [Fact]
    public async Task OpenAsync_AutoWithoutCuda_IsTheCpuAndLogsTheRemedyOnce()
    {
        Assert.Equal("cpu", await DeviceAsync(ExecutionProvider.Auto));

        var (level, message) = Assert.Single(_logger.Lines, line => line.Message.Contains("run on the CPU", StringComparison.Ordinal));
        Assert.Equal(LogLevel.Information, level);
        Assert.Contains("the ONNX Runtime of this build has no cuda provider", message, StringComparison.Ordinal);
        Assert.Contains("-p:OnnxRuntime=cuda", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ExecutionProvider.Cuda, "cuda")]
    [InlineData(ExecutionProvider.TensorRt, "tensorrt")]
    public async Task OpenAsync_DemandedAndAbsent_FailsNamingWhatToInstallAndWhatToSet(ExecutionProvider provider, string name)
    {
        var exception = await Assert.ThrowsAsync<ExecutionUnavailableException>(() => DeviceAsync(provider));

        Assert.Equal(("text-words", provider), (exception.Expert, exception.Provider));
        Assert.StartsWith($"Expert 'text-words' requires {name}, which is not available: the ONNX Runtime of this build has no {name} provider.", exception.Message, StringComparison.Ordinal);
        Assert.Contains("-p:OnnxRuntime=cuda", exception.Message, StringComparison.Ordinal);
        Assert.Contains("Execution:Provider to cpu", exception.Message, StringComparison.Ordinal);
    }
}
