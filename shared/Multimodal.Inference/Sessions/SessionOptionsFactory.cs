using System.Globalization;
using Microsoft.ML.OnnxRuntime;

namespace Multimodal.Inference.Sessions;

/// <summary>Creates ONNX Runtime session options from <see cref="ExecutionOptions"/>.</summary>
internal static class SessionOptionsFactory
{
    /// <summary>Creates session options for the CPU. The caller disposes them.</summary>
    public static SessionOptions Cpu(ExecutionOptions options)
    {
        var session = new SessionOptions
        {
            IntraOpNumThreads = options.IntraOpThreads,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            // Failures are thrown as exceptions; the log lines of the library on stderr would repeat them.
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        // Threads that spin while they wait take CPU time from the other experts of the process.
        session.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        return session;
    }

    /// <summary>Creates session options for a GPU.</summary>
    /// <param name="provider">CUDA, or TensorRT with CUDA for the nodes that TensorRT does not support.</param>
    /// <param name="options">The device and the memory limit.</param>
    /// <param name="failure">The reason, if the result is null.</param>
    /// <returns>Options that the caller disposes; null if the provider is absent or does not load.</returns>
    public static SessionOptions? Gpu(ExecutionProvider provider, ExecutionOptions options, out ProviderFailure? failure)
    {
        if (!IsBuiltIn(provider))
        {
            failure = new ProviderFailure(true, $"the ONNX Runtime of this build has no {Name(provider)} provider.");
            return null;
        }

        var session = Cpu(options);
        try
        {
            // Providers take nodes in the order in which they are appended, so TensorRT must come before CUDA.
            if (provider == ExecutionProvider.TensorRt)
            {
                using var tensorRt = new OrtTensorRTProviderOptions();
                tensorRt.UpdateOptions(Settings(options, "trt_max_workspace_size"));
                session.AppendExecutionProvider_Tensorrt(tensorRt);
            }

            using var cuda = new OrtCUDAProviderOptions();
            cuda.UpdateOptions(Settings(options, "gpu_mem_limit"));
            session.AppendExecutionProvider_CUDA(cuda);
            failure = null;
            return session;
        }
        catch (OnnxRuntimeException exception)
        {
            session.Dispose();
            failure = new ProviderFailure(false, $"the {Name(provider)} provider does not load: {exception.Message.Trim().TrimEnd('.')}.");
            return null;
        }
    }

    /// <summary>The device's name, for example <c>cuda:0</c>.</summary>
    public static string Device(ExecutionProvider provider, ExecutionOptions options) =>
        string.Create(CultureInfo.InvariantCulture, $"{Name(provider)}:{options.DeviceId}");

    /// <summary>Whether the native library of this build contains the provider. Driver and device may still be missing.</summary>
    private static bool IsBuiltIn(ExecutionProvider provider)
    {
        var name = provider == ExecutionProvider.TensorRt ? "TensorrtExecutionProvider" : "CUDAExecutionProvider";
        return OrtEnv.Instance().GetAvailableProviders().Contains(name, StringComparer.Ordinal);
    }

    private static string Name(ExecutionProvider provider) => provider.ToString().ToLowerInvariant();

    private static Dictionary<string, string> Settings(ExecutionOptions options, string memoryKey)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["device_id"] = options.DeviceId.ToString(CultureInfo.InvariantCulture),
        };
        if (options.GpuMemoryLimitMb is { } limit)
        {
            settings.Add(memoryKey, (limit * 1_048_576L).ToString(CultureInfo.InvariantCulture));
        }

        return settings;
    }
}
