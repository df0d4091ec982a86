using Microsoft.Extensions.Logging;
using Multimodal.Inference.Sessions;
using Multimodal.Testing;

namespace Multimodal.Inference.Tests.Sessions;

public sealed class ExecutionTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();
    private readonly CollectingLogger _logger = new();

    public void Dispose() => _scratch.Dispose();

    private string Plan(ExecutionProvider provider)
    {
        var (options, device) = ExecutionPlanner.Plan("tiny", new ExecutionOptions { Provider = provider, ProviderFolder = _scratch.Path }, _logger);
        options.Dispose();
        return device;
    }

    private void BreakLibrary(ExecutionProvider provider) => File.WriteAllText(_scratch.At(ProviderLibrary.FileName(provider)), "not a library");

    [Fact]
    public void Plan_AutoWithoutLibrary_IsTheCpuAndSaysHowToGetTheGpu()
    {
        Assert.Equal("cpu", Plan(ExecutionProvider.Auto));

        var (level, message) = Assert.Single(_logger.Lines);
        Assert.Equal(LogLevel.Information, level);
        Assert.Contains($"libonnxruntime_providers_cuda.so is not in {_scratch.Path}", message, StringComparison.Ordinal);
        Assert.Contains("com.github.asus4.onnxruntime.linux-x64-gpu", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_AutoWithALibraryThatDoesNotLoad_IsTheCpuWithAWarning()
    {
        BreakLibrary(ExecutionProvider.Cuda);

        Assert.Equal("cpu", Plan(ExecutionProvider.Auto));

        var (level, message) = Assert.Single(_logger.Lines);
        Assert.Equal(LogLevel.Warning, level);
        Assert.Contains("does not load", message, StringComparison.Ordinal);
        Assert.Contains("Execution:Provider to cpu", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_Cpu_IsSilent()
    {
        Assert.Equal("cpu", Plan(ExecutionProvider.Cpu));
        Assert.Empty(_logger.Lines);
    }

    [Theory]
    [InlineData(ExecutionProvider.Cuda, "cuda")]
    [InlineData(ExecutionProvider.TensorRt, "tensorrt")]
    public void Plan_DemandedAndAbsent_FailsNamingWhatIsMissingAndWhatToSet(ExecutionProvider provider, string name)
    {
        var exception = Assert.Throws<ExecutionUnavailableException>(() => Plan(provider));

        Assert.Equal(("tiny", provider), (exception.Expert, exception.Provider));
        Assert.StartsWith($"Expert 'tiny' demands {name} and cannot have it: libonnxruntime_providers_{name}.so is not in", exception.Message, StringComparison.Ordinal);
        Assert.Contains("Execution:ProviderFolder", exception.Message, StringComparison.Ordinal);
        Assert.Contains("Execution:Provider to cpu", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_DemandedAndBroken_FailsWithTheLoadersReason()
    {
        BreakLibrary(ExecutionProvider.Cuda);

        var exception = Assert.Throws<ExecutionUnavailableException>(() => Plan(ExecutionProvider.Cuda));

        Assert.Contains("does not load", exception.Reason, StringComparison.Ordinal);
    }

    /// <summary>With the real libraries, whose folder is in MULTIMODAL_PROVIDERS: the GPU where there is one, else the CPU with a reason.</summary>
    [SkippableTheory]
    [InlineData(ExecutionProvider.Cuda)]
    [InlineData(ExecutionProvider.TensorRt)]
    public void Plan_RealLibraries_GiveTheDeviceOrAReason(ExecutionProvider provider)
    {
        var folder = Environment.GetEnvironmentVariable("MULTIMODAL_PROVIDERS");
        Skip.If(folder is null, "MULTIMODAL_PROVIDERS names no folder with the GPU provider libraries.");
        var options = new ExecutionOptions { Provider = provider, ProviderFolder = folder };

        try
        {
            var (session, device) = ExecutionPlanner.Plan("tiny", options, _logger);
            session.Dispose();
            Assert.Equal($"{provider.ToString().ToLowerInvariant()}:0", device);
        }
        catch (ExecutionUnavailableException exception)
        {
            options.Provider = ExecutionProvider.Auto;
            var (session, device) = ExecutionPlanner.Plan("tiny", options, _logger);
            session.Dispose();
            Assert.Equal("cpu", device);
            Assert.Contains(".so", exception.Reason, StringComparison.Ordinal);
            Assert.Equal(LogLevel.Warning, Assert.Single(_logger.Lines).Level);
        }
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
    };

    [Theory]
    [MemberData(nameof(Bounds))]
    public void Validate_EachBound_IsWhereTheDocumentationSays(string name, Action<ExecutionOptions> change, bool good)
    {
        var options = new ExecutionOptions();
        change(options);

        var result = new ExecutionOptionsValidator().Validate(null, options);

        Assert.Equal(good, result.Succeeded);
        Assert.True(good || result.FailureMessage!.Contains(name, StringComparison.Ordinal));
    }

    [Fact]
    public void Defaults_AreThoseDocumented()
    {
        var options = new ExecutionOptions();

        Assert.Equal(
            (ExecutionProvider.Auto, 0, (int?)null, 1, (string?)null),
            (options.Provider, options.DeviceId, options.GpuMemoryLimitMb, options.IntraOpThreads, options.ProviderFolder));
        Assert.True(new ExecutionOptionsValidator().Validate(null, options).Succeeded);
    }
}
