using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.ML.OnnxRuntime;
using Multimodal.Inference.Telemetry;

namespace Multimodal.Inference.Sessions;

/// <summary>Turns the wished-for execution into session options and the name of the device that will run.</summary>
internal static class ExecutionPlanner
{
    /// <summary>Chooses the device.</summary>
    /// <param name="expert">For messages.</param>
    /// <param name="options">What is wished for.</param>
    /// <param name="logger">Told when <c>auto</c> falls back to the CPU.</param>
    /// <returns>Options owned by the caller, and the device's name, <c>cpu</c> or for example <c>cuda:0</c>.</returns>
    /// <exception cref="ExecutionUnavailableException">A GPU is demanded and cannot be had.</exception>
    public static (SessionOptions Options, string Device) Plan(string expert, ExecutionOptions options, ILogger logger)
    {
        var session = Basic(options);
        try
        {
            return (session, options.Provider == ExecutionProvider.Cpu ? "cpu" : Append(session, expert, options, logger));
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private static SessionOptions Basic(ExecutionOptions options)
    {
        var session = new SessionOptions
        {
            IntraOpNumThreads = options.IntraOpThreads,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            // Whatever goes wrong comes back as an exception; the library's own lines on stderr would only repeat it.
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        // Waiting threads that spin take the cores from the other experts of the same process.
        session.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        return session;
    }

    private static string Append(SessionOptions session, string expert, ExecutionOptions options, ILogger logger)
    {
        var wanted = options.Provider == ExecutionProvider.Auto ? ExecutionProvider.Cuda : options.Provider;
        if (!TryAppend(session, wanted, options, out var failure))
        {
            if (options.Provider != ExecutionProvider.Auto)
            {
                throw new ExecutionUnavailableException(expert, options.Provider, failure!.Reason);
            }

            if (failure!.IsAbsent)
            {
                Log.NoGpuLibrary(logger, expert, failure.Reason, ExecutionUnavailableException.Remedy);
            }
            else
            {
                Log.GpuUnusable(logger, expert, failure.Reason, ExecutionUnavailableException.Remedy);
            }

            return "cpu";
        }

        if (wanted == ExecutionProvider.TensorRt && !TryAppend(session, ExecutionProvider.Cuda, options, out failure))
        {
            throw new ExecutionUnavailableException(expert, wanted, failure!.Reason);
        }

        return string.Create(CultureInfo.InvariantCulture, $"{wanted.ToString().ToLowerInvariant()}:{options.DeviceId}");
    }

    private static bool TryAppend(SessionOptions session, ExecutionProvider provider, ExecutionOptions options, out ProviderFailure? failure)
    {
        if (!ProviderLibrary.TryGetDevice(provider, options, out var device, out failure))
        {
            return false;
        }

        try
        {
            session.AppendExecutionProvider(OrtEnv.Instance(), [device], MemoryLimit(provider, options));
            return true;
        }
        catch (OnnxRuntimeException exception)
        {
            failure = new ProviderFailure(false, $"{provider} device {options.DeviceId} refuses the session: {exception.Message}");
            return false;
        }
    }

    private static Dictionary<string, string> MemoryLimit(ExecutionProvider provider, ExecutionOptions options)
    {
        var entries = new Dictionary<string, string>(StringComparer.Ordinal);
        if (options.GpuMemoryLimitMb is { } limit)
        {
            var key = provider == ExecutionProvider.TensorRt ? "trt_max_workspace_size" : "gpu_mem_limit";
            entries.Add(key, (limit * 1_048_576L).ToString(CultureInfo.InvariantCulture));
        }

        return entries;
    }
}
