using System.Globalization;
using Microsoft.ML.OnnxRuntime;

namespace Multimodal.Inference.Sessions;

/// <summary>Turns the wished-for execution into session options and the name of the device that will run.</summary>
internal static class SessionOptionsFactory
{
    /// <summary>Session options for the CPU. Owned by the caller.</summary>
    public static SessionOptions Cpu(ExecutionOptions options)
    {
        var session = new SessionOptions
        {
            IntraOpNumThreads = options.IntraOpThreads,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            // Failures come back as exceptions; the library's own lines on stderr would only repeat them.
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        // Waiting threads that spin take the cores from the other experts of the same process.
        session.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        return session;
    }

    /// <summary>Session options for a GPU, or the reason why there is none.</summary>
    /// <param name="provider">CUDA or TensorRT (with CUDA for what TensorRT leaves).</param>
    /// <param name="options">Device and memory limit.</param>
    /// <param name="failure">Why not, when the result is null.</param>
    /// <returns>Options owned by the caller, or null.</returns>
    public static SessionOptions? Gpu(ExecutionProvider provider, ExecutionOptions options, out ProviderFailure? failure)
    {
        if (!IsBuiltIn(provider))
        {
            failure = new ProviderFailure(true, $"this build's ONNX Runtime has no {Name(provider)} provider.");
            return null;
        }

        var session = Cpu(options);
        try
        {
            // Providers take nodes in the order in which they are appended.
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

    /// <summary>Whether the native library of this build knows the provider; says nothing about drivers and devices.</summary>
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
