using Microsoft.Extensions.Logging;
using Microsoft.ML.OnnxRuntime;
using Multimodal.Inference.Preprocessing;
using Multimodal.Inference.Sessions;
using Multimodal.Inference.Telemetry;

namespace Multimodal.Inference.Packages;

/// <summary>Opens packages into experts that are ready to judge.</summary>
/// <param name="time">Drives batching and deadlines.</param>
/// <param name="loggers">For the device chosen and for failures.</param>
public sealed class ExpertLoader(TimeProvider time, ILoggerFactory loggers)
{
    private readonly ILogger _logger = loggers.CreateLogger<ExpertLoader>();

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

    private ExpertHost Open(ExpertPackage package, ExpertSettings settings)
    {
        var start = time.GetTimestamp();
        var preprocessor = Preprocessor(package, settings);
        var (options, device) = ExecutionPlanner.Plan(package.Name, settings.Execution, _logger);
        using (options)
        {
            OnnxSession? session = null;
            try
            {
                session = new OnnxSession(
                    package.ModelPath, options, package.Input, preprocessor.Row, package.Output, package.Labels.Count, settings.Batching.MaxBatchSize);
                session.WarmUp();
                var host = new ExpertHost(package, device, preprocessor, session, settings.Batching, time, loggers.CreateLogger<ExpertHost>());
                Log.Ready(_logger, package.Name, package.Version, device, time.GetElapsedTime(start).TotalSeconds);
                return host;
            }
            catch (OnnxRuntimeException exception)
            {
                session?.Dispose();
                throw new InvalidPackageException([new PackageProblem(package.ModelPath, "model", $"does not run on {device}: {exception.Message}")]);
            }
        }
    }

    private IPreprocessor Preprocessor(ExpertPackage package, ExpertSettings settings)
    {
        var problems = new List<PackageProblem>();
        var file = Path.Combine(package.Folder, ExpertPackageReader.FileName);
        var preprocessor = PreprocessorReader.Read(
            package.Preprocessing, settings.Media, Kinds, (key, problem) => problems.Add(new PackageProblem(file, "preprocessing." + key, problem)));
        return preprocessor ?? throw new InvalidPackageException(problems);
    }
}
