using Microsoft.Extensions.Logging;
using Microsoft.ML.OnnxRuntime;
using Multimodal.Inference.Packages;
using Multimodal.Inference.Preprocessing;
using Multimodal.Inference.Sessions;
using Multimodal.Inference.Telemetry;

namespace Multimodal.Inference.Experts;

/// <summary>Opens packages into experts that are ready to judge.</summary>
/// <param name="time">Drives batching and deadlines.</param>
/// <param name="loggers">For the device chosen and for failures.</param>
public sealed class ExpertLoader(TimeProvider time, ILoggerFactory loggers)
{
    private readonly ILogger _logger = loggers.CreateLogger<ExpertLoader>();
    private int _saidThatCudaIsAbsent;

    /// <summary>Kinds of preprocessing; tests bring their own.</summary>
    internal IReadOnlyDictionary<string, PreprocessorFactory> Kinds { get; init; } = PreprocessorTable.ByKind;

    /// <summary>Loads the model, chooses the device and runs warm-up batches; what it returns answers at full speed.</summary>
    /// <param name="package">A package that <see cref="ExpertPackageReader"/> found good.</param>
    /// <param name="settings">How to run it.</param>
    /// <param name="cancellationToken">Gives up before the model is loaded.</param>
    /// <exception cref="ExecutionUnavailableException">A GPU is demanded and cannot be had.</exception>
    /// <exception cref="InvalidPackageException">The model loads and yet does not run, or the package is no longer what was read.</exception>
    public Task<IExpert> OpenAsync(ExpertPackage package, ExpertSettings settings, CancellationToken cancellationToken) =>
        Task.Run<IExpert>(() => Open(package, settings), cancellationToken);

    private OnnxExpert Open(ExpertPackage package, ExpertSettings settings)
    {
        var start = time.GetTimestamp();
        var preprocessor = Preprocessor(package, settings);
        var (session, device) = settings.Execution.Provider switch
        {
            ExecutionProvider.Cpu => (OnCpu(package, settings, preprocessor), "cpu"),
            ExecutionProvider.Auto => OnCudaOrCpu(package, settings, preprocessor),
            var demanded => OnGpu(demanded, package, settings, preprocessor),
        };
        var host = new OnnxExpert(package, device, preprocessor, session, settings.Batching, time, loggers.CreateLogger<OnnxExpert>());
        Log.Ready(_logger, package.Name, package.Version, device, time.GetElapsedTime(start).TotalSeconds);
        return host;
    }

    private static (OnnxSession Session, string Device) OnGpu(
        ExecutionProvider demanded, ExpertPackage package, ExpertSettings settings, IPreprocessor preprocessor) =>
        TryOnGpu(demanded, package, settings, preprocessor, out var device, out var failure) is { } gpu
            ? (gpu, device)
            : throw new ExecutionUnavailableException(package.Name, demanded, failure!.Reason);

    private (OnnxSession Session, string Device) OnCudaOrCpu(ExpertPackage package, ExpertSettings settings, IPreprocessor preprocessor)
    {
        if (TryOnGpu(ExecutionProvider.Cuda, package, settings, preprocessor, out var device, out var failure) is { } gpu)
        {
            return (gpu, device);
        }

        if (failure!.IsAbsent)
        {
            // True of the build, so one line is enough for all experts.
            if (Interlocked.Exchange(ref _saidThatCudaIsAbsent, 1) == 0)
            {
                Log.NoGpuLibrary(_logger, failure.Reason, ExecutionUnavailableException.Remedy);
            }
        }
        else
        {
            Log.GpuUnusable(_logger, package.Name, failure.Reason, ExecutionUnavailableException.Remedy);
        }

        return (OnCpu(package, settings, preprocessor), "cpu");
    }

    /// <summary>Null with a failure if the provider is absent or broken, or if the device refuses the model.</summary>
    private static OnnxSession? TryOnGpu(
        ExecutionProvider provider, ExpertPackage package, ExpertSettings settings, IPreprocessor preprocessor, out string device, out ProviderFailure? failure)
    {
        device = SessionOptionsFactory.Device(provider, settings.Execution);
        using var options = SessionOptionsFactory.Gpu(provider, settings.Execution, out failure);
        if (options is null)
        {
            return null;
        }

        try
        {
            return Start(package, settings, preprocessor, options);
        }
        catch (OnnxRuntimeException exception)
        {
            failure = new ProviderFailure(false, $"{device} refuses the model: {exception.Message}");
            return null;
        }
    }

    private static OnnxSession OnCpu(ExpertPackage package, ExpertSettings settings, IPreprocessor preprocessor)
    {
        using var options = SessionOptionsFactory.Cpu(settings.Execution);
        try
        {
            return Start(package, settings, preprocessor, options);
        }
        catch (OnnxRuntimeException exception)
        {
            throw new InvalidPackageException([new PackageProblem(package.ModelPath, "model", $"does not run on cpu: {exception.Message}")]);
        }
    }

    /// <summary>Loads the model and warms it up.</summary>
    private static OnnxSession Start(ExpertPackage package, ExpertSettings settings, IPreprocessor preprocessor, SessionOptions options)
    {
        var session = new OnnxSession(
            package.ModelPath, options, package.Input, preprocessor.Row, package.Output, package.Labels.Count, settings.Batching.MaxBatchSize);
        try
        {
            session.WarmUp();
            return session;
        }
        catch (OnnxRuntimeException)
        {
            session.Dispose();
            throw;
        }
    }

    private IPreprocessor Preprocessor(ExpertPackage package, ExpertSettings settings)
    {
        var problems = new List<PackageProblem>();
        var file = Path.Combine(package.Folder, ExpertPackageReader.FileName);
        var preprocessor = PreprocessorReader.Read(
            new PreprocessorContext(package.Preprocessing, package.Folder, settings.Media), Kinds, (key, problem) => problems.Add(new PackageProblem(file, "preprocessing." + key, problem)));
        return preprocessor ?? throw new InvalidPackageException(problems);
    }
}
