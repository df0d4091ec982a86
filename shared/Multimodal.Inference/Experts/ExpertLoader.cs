using Microsoft.Extensions.Logging;
using Microsoft.ML.OnnxRuntime;
using Multimodal.Inference.Batching;
using Multimodal.Inference.Packages;
using Multimodal.Inference.Preprocessing;
using Multimodal.Inference.Sessions;
using Multimodal.Inference.Telemetry;

namespace Multimodal.Inference.Experts;

/// <summary>Loads experts from packages.</summary>
/// <param name="time">The clock of batching and deadlines.</param>
/// <param name="loggers">Creates the loggers of the loader and the experts.</param>
public sealed class ExpertLoader(TimeProvider time, ILoggerFactory loggers)
{
    private readonly ILogger _logger = loggers.CreateLogger<ExpertLoader>();
    private readonly Lock _measuring = new();
    private int _hasLoggedAbsentProvider;

    /// <summary>The kinds of preprocessing; tests replace them.</summary>
    internal IReadOnlyDictionary<string, PreprocessorFactory> Kinds { get; init; } = PreprocessorTable.ByKind;

    /// <summary>Loads the model, selects the device and runs warm-up batches, so that the first request is as fast as later ones.</summary>
    /// <param name="package">A package that <see cref="ExpertPackageReader"/> has validated.</param>
    /// <param name="settings">The device, batching and media limits.</param>
    /// <param name="cancellationToken">Cancels before the model is loaded.</param>
    /// <exception cref="ExecutionUnavailableException">The settings require a GPU that is not available.</exception>
    /// <exception cref="InvalidPackageException">The model loads but does not run, or the package has changed since it was
    /// read.</exception>
    public Task<IExpert> OpenAsync(ExpertPackage package, ExpertSettings settings, CancellationToken cancellationToken) =>
        Task.Run<IExpert>(() => Open(package, settings), cancellationToken);

    private OnnxExpert Open(ExpertPackage package, ExpertSettings settings)
    {
        var start = time.GetTimestamp();
        var source = new Source(package, settings, CreatePreprocessor(package, settings));
        var model = settings.Execution.Provider switch
        {
            ExecutionProvider.Cpu => OpenOnCpu(source),
            ExecutionProvider.Auto => OpenOnCudaOrCpu(source),
            var required => OpenOnGpu(required, source),
        };
        var expert = new OnnxExpert(package, source.Preprocessor, model, settings.Batching, time, loggers.CreateLogger<OnnxExpert>());
        var batch = settings.Batching.MaxFor(model.Profile);
        Log.Ready(_logger, package.Name, package.Version, model.Device, time.GetElapsedTime(start).TotalSeconds, batch);
        return expert;
    }

    private LoadedModel OpenOnGpu(ExecutionProvider required, Source source) =>
        TryOpenOnGpu(required, source, out var failure)
        ?? throw new ExecutionUnavailableException(source.Package.Name, required, failure!.Reason);

    private LoadedModel OpenOnCudaOrCpu(Source source)
    {
        if (TryOpenOnGpu(ExecutionProvider.Cuda, source, out var failure) is { } model)
        {
            return model;
        }

        if (failure!.IsAbsent)
        {
            // The provider is a property of the build, so one line covers all experts.
            if (Interlocked.Exchange(ref _hasLoggedAbsentProvider, 1) == 0)
            {
                Log.GpuProviderAbsent(_logger, failure.Reason, ExecutionUnavailableException.Remedy);
            }
        }
        else
        {
            Log.GpuUnusable(_logger, source.Package.Name, failure.Reason, ExecutionUnavailableException.Remedy);
        }

        return OpenOnCpu(source);
    }

    /// <returns>Null with a failure if the provider is absent or does not load, or if the model does not run on the device.</returns>
    private LoadedModel? TryOpenOnGpu(ExecutionProvider provider, Source source, out ProviderFailure? failure)
    {
        var execution = source.Settings.Execution;
        var device = SessionOptionsFactory.Device(provider, execution);
        using var options = SessionOptionsFactory.Gpu(provider, execution, out failure);
        if (options is null)
        {
            return null;
        }

        try
        {
            return OpenModel(source, options, device, bindsMemory: true);
        }
        catch (OnnxRuntimeException exception)
        {
            failure = new ProviderFailure(false, $"the model does not run on {device}: {exception.Message}");
            return null;
        }
    }

    private LoadedModel OpenOnCpu(Source source)
    {
        using var options = SessionOptionsFactory.Cpu(source.Settings.Execution);
        try
        {
            return OpenModel(source, options, "cpu", bindsMemory: false);
        }
        catch (OnnxRuntimeException exception)
        {
            var problem = new PackageProblem(source.Package.ModelPath, "model", $"does not run on cpu: {exception.Message}");
            throw new InvalidPackageException([problem]);
        }
    }

    private LoadedModel OpenModel(Source source, SessionOptions options, string device, bool bindsMemory)
    {
        var (package, batching) = (source.Package, source.Settings.Batching);
        var tensors = new ModelTensors(package.Input, source.Preprocessor.Row, package.Output, package.Labels.Count);
        var plan = new SessionPlan(batching.MaxBatchSize, source.Settings.Execution.Sessions, bindsMemory);
        var session = new OnnxSession(package.ModelPath, options, tensors, plan);
        try
        {
            var profile = batching.Adaptive ? Measure(session, batching.MaxBatchSize) : BatchProfile.Unknown;
            session.WarmUp(bindsMemory ? batching.MaxBatchSize : batching.MaxFor(profile));
            return new LoadedModel(session, device, profile);
        }
        catch (OnnxRuntimeException)
        {
            session.Dispose();
            throw;
        }
    }

    private BatchProfile Measure(OnnxSession session, int maxSize)
    {
        // Experts are loaded concurrently. Their measurements must not disturb each other.
        lock (_measuring)
        {
            return BatchProfile.Measure(maxSize, size => session.Measure(size, time));
        }
    }

    private IPreprocessor CreatePreprocessor(ExpertPackage package, ExpertSettings settings)
    {
        var problems = new List<PackageProblem>();
        var file = Path.Combine(package.Folder, ExpertPackageReader.FileName);
        var preprocessor = PreprocessorReader.Read(
            new PreprocessorContext(package.Preprocessing, package.Folder, settings.Media),
            Kinds,
            (key, problem) => problems.Add(new PackageProblem(file, "preprocessing." + key, problem)));
        return preprocessor ?? throw new InvalidPackageException(problems);
    }

    /// <summary>What a session is opened from.</summary>
    private sealed record Source(ExpertPackage Package, ExpertSettings Settings, IPreprocessor Preprocessor);
}
