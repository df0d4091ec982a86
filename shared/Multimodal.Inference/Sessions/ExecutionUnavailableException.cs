namespace Multimodal.Inference.Sessions;

/// <summary>The configuration requires a device that is not available. The message states what is missing and what to set.</summary>
public sealed class ExecutionUnavailableException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="expert">The expert's name.</param>
    /// <param name="provider">The required device.</param>
    /// <param name="reason">What is missing, one sentence.</param>
    public ExecutionUnavailableException(string expert, ExecutionProvider provider, string reason)
        : base($"Expert '{expert}' requires {Name(provider)}, which is not available: {reason} {Remedy}")
        => (Expert, Provider, Reason) = (expert, provider, reason);

    /// <summary>How an operator can fix a missing GPU.</summary>
    internal const string Remedy =
        "To use the GPU, build the service with -p:OnnxRuntime=cuda (linux-x64 or win-x64) and install the NVIDIA driver, CUDA 13 and "
        + "cuDNN 9 on the host, plus TensorRT 10 for tensorrt. To use the CPU, set Execution:Provider to cpu.";

    /// <summary>The expert's name.</summary>
    public string Expert { get; }

    /// <summary>The required device.</summary>
    public ExecutionProvider Provider { get; }

    /// <summary>What is missing.</summary>
    public string Reason { get; }

    private static string Name(ExecutionProvider provider) => provider.ToString().ToLowerInvariant();
}
