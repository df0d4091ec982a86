using Microsoft.Extensions.Logging;
using Microsoft.ML.OnnxRuntime;
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
        var (session, device) = settings.Execution.Provider switch
        {
            ExecutionProvider.Cpu => (OpenOnCpu(source), "cpu"),
            ExecutionProvider.Auto => OpenOnCudaOrCpu(source),
            var required => OpenOnGpu(required, source),
        };
        var expert = new OnnxExpert(
            package, device, source.Preprocessor, session, settings.Batching, time, loggers.CreateLogger<OnnxExpert>());
        Log.Ready(_logger, package.Name, package.Version, device, time.GetElapsedTime(start).TotalSeconds);
        return expert;
    }

    private static (OnnxSession Session, string Device) OpenOnGpu(ExecutionProvider required, Source source) =>
        TryOpenOnGpu(required, source, out var device, out var failure) is { } session
            ? (session, device)
            : throw new ExecutionUnavailableException(source.Package.Name, required, failure!.Reason);

    private (OnnxSession Session, string Device) OpenOnCudaOrCpu(Source source)
    {
        if (TryOpenOnGpu(ExecutionProvider.Cuda, source, out var device, out var failure) is { } session)
        {
            return (session, device);
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

        return (OpenOnCpu(source), "cpu");
    }

    /// <returns>Null with a failure if the provider is absent or does not load, or if the model does not run on the device.</returns>
    private static OnnxSession? TryOpenOnGpu(ExecutionProvider provider, Source source, out string device, out ProviderFailure? failure)
    {
        var execution = source.Settings.Execution;
        device = SessionOptionsFactory.Device(provider, execution);
        using var options = SessionOptionsFactory.Gpu(provider, execution, out failure);
        if (options is null)
        {
            return null;
        }

        try
        {
            return OpenSession(source, options);
        }
        catch (OnnxRuntimeException exception)
        {
            failure = new ProviderFailure(false, $"the model does not run on {device}: {exception.Message}");
            return null;
        }
    }

    private static OnnxSession OpenOnCpu(Source source)
    {
        using var options = SessionOptionsFactory.Cpu(source.Settings.Execution);
        try
        {
            return OpenSession(source, options);
        }
        catch (OnnxRuntimeException exception)
        {
            var problem = new PackageProblem(source.Package.ModelPath, "model", $"does not run on cpu: {exception.Message}");
            throw new InvalidPackageException([problem]);
        }
    }

    private static OnnxSession OpenSession(Source source, SessionOptions options)
    {
        var (package, row, maxBatch) = (source.Package, source.Preprocessor.Row, source.Settings.Batching.MaxBatchSize);
        var session = new OnnxSession(
            package.ModelPath, options, package.Input, row, package.Output, package.Labels.Count, maxBatch);
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
