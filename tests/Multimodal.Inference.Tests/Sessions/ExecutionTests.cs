using Microsoft.Extensions.Logging;
using Microsoft.ML.OnnxRuntime;
using Multimodal.Inference.Experts;
using Multimodal.Inference.Media;
using Multimodal.Inference.Packages;
using Multimodal.Inference.Sessions;
using Multimodal.Testing;

namespace Multimodal.Inference.Tests.Sessions;

public sealed class ExecutionTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();
    private readonly CollectingLogger _logger = new();

    public void Dispose() => _scratch.Dispose();

    /// <summary>Whether the native package contains CUDA and TensorRT, which is the default on linux-x64.</summary>
    private static bool HasGpuPackage => OrtEnv.Instance().GetAvailableProviders().Contains("CUDAExecutionProvider");

    private async Task<string> DeviceAsync(ExecutionProvider provider)
    {
        var model = TinyModels.Identity(3);
        var folder = PackageFolder.Write(_scratch.At("expert"), PackageFolder.Manifest(model, 3, "a", "b", "c"), model);
        var package = ExpertPackageReader.Read(folder, new MediaOptions(), NumbersPreprocessor.Kinds).OrThrow();
        var loader = new ExpertLoader(TimeProvider.System, _logger) { Kinds = NumbersPreprocessor.Kinds };
        var execution = new ExecutionOptions { Provider = provider, GpuMemoryLimitMb = 64 };
        await using var expert = await loader.OpenAsync(package, new ExpertSettings { Execution = execution }, CancellationToken.None);
        return expert.Device;
    }

    private (LogLevel Level, string Message) Fallback =>
        Assert.Single(_logger.Lines, line => line.Message.Contains("the CPU", StringComparison.Ordinal));

    [Fact]
    public async Task OpenAsync_Cpu_LogsOnlyThatItIsReady()
    {
        Assert.Equal("cpu", await DeviceAsync(ExecutionProvider.Cpu));

        Assert.Contains("is ready on cpu", Assert.Single(_logger.Lines).Message, StringComparison.Ordinal);
    }

    /// <summary>The native package contains the providers, but they or the model do not load without a driver or device.</summary>
    [Fact]
    public async Task OpenAsync_AutoWithAFailingProvider_UsesTheCpuWithAWarning()
    {
        Assert.SkipUnless(HasGpuPackage, "Built with -p:OnnxRuntime=cpu, or not on linux-x64.");
        var device = await DeviceAsync(ExecutionProvider.Auto);
        Assert.SkipWhen(device == "cuda:0", "This machine has a working GPU.");

        Assert.Equal("cpu", device);
        var (level, message) = Fallback;
        Assert.Equal(LogLevel.Warning, level);
        Assert.Contains("the cuda provider does not load", message, StringComparison.Ordinal);
        Assert.Contains("Execution:Provider to cpu", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ExecutionProvider.Cuda, "cuda")]
    [InlineData(ExecutionProvider.TensorRt, "tensorrt")]
    public async Task OpenAsync_RequiredProviderFails_ThrowsWithTheReason(ExecutionProvider provider, string name)
    {
        Assert.SkipUnless(HasGpuPackage, "Built with -p:OnnxRuntime=cpu, or not on linux-x64.");
        string device;
        try
        {
            device = await DeviceAsync(provider);
        }
        catch (ExecutionUnavailableException exception)
        {
            Assert.Equal(("tiny", provider), (exception.Expert, exception.Provider));
            var start = $"Expert 'tiny' requires {name}, which is not available: the {name} provider does not load: ";
            Assert.StartsWith(start, exception.Message, StringComparison.Ordinal);
            Assert.Contains(".so", exception.Reason, StringComparison.Ordinal);
            Assert.Contains("Execution:Provider to cpu", exception.Message, StringComparison.Ordinal);
            return;
        }

        Assert.Equal($"{name}:0", device);
        Assert.SkipWhen(true, "This machine has a working GPU.");
    }

    public static TheoryData<string, Action<ExecutionOptions>, bool> Bounds => new()
    {
        { "Provider", options => options.Provider = ExecutionProvider.TensorRt, true },
        { "Provider", options => options.Provider = (ExecutionProvider)9, false },
        { "DeviceId", options => options.DeviceId = -1, false },
        { "DeviceId", options => options.DeviceId = 63, true },
        { "DeviceId", options => options.DeviceId = 64, false },
        { "GpuMemoryLimitMb", options => options.GpuMemoryLimitMb = 15, false },
        { "GpuMemoryLimitMb", options => options.GpuMemoryLimitMb = 16, true },
        { "GpuMemoryLimitMb", options => options.GpuMemoryLimitMb = 1_048_577, false },
        { "IntraOpThreads", options => options.IntraOpThreads = -1, false },
        { "IntraOpThreads", options => options.IntraOpThreads = 0, true },
        { "IntraOpThreads", options => options.IntraOpThreads = 257, false },
        { "Sessions", options => options.Sessions = 0, false },
        { "Sessions", options => options.Sessions = 16, true },
        { "Sessions", options => options.Sessions = 17, false },
    };

    [Theory]
    [MemberData(nameof(Bounds))]
    public void Validate_Bounds_AreTheDocumentedOnes(string name, Action<ExecutionOptions> change, bool isValid)
    {
        var options = new ExecutionOptions();
        change(options);

        var result = new ExecutionOptionsValidator().Validate(null, options);

        Assert.Equal(isValid, result.Succeeded);
        Assert.True(isValid || result.FailureMessage!.Contains(name, StringComparison.Ordinal));
    }

    [Fact]
    public void Defaults_AreTheDocumentedOnes()
    {
        var options = new ExecutionOptions();

        Assert.Equal(
            (ExecutionProvider.Auto, 0, (int?)null, 1, 1),
            (options.Provider, options.DeviceId, options.GpuMemoryLimitMb, options.IntraOpThreads, options.Sessions));
        Assert.True(new ExecutionOptionsValidator().Validate(null, options).Succeeded);
    }
}
